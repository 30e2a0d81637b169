/* datbox print LISTING: a printer's output file as a PDF on green-barred paper; or with --split
 * each spool file in it as a PDF of its own. */
#include "consoles/pdf_paper.h"
#include "tools/listing.h"
#include "tools/tools.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int usage(FILE *to)
{
    fputs("usage: datbox print LISTING [-o FILE.pdf] [--plain]\n"
          "       datbox print LISTING --split DIRECTORY [--plain]\n"
          "  -o, --output FILE     the PDF (else LISTING.pdf)\n"
          "      --split DIRECTORY one PDF for each spool file, without its separator page\n"
          "      --plain           white paper\n",
          to);
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

static bool print(const char *text, size_t length, const char *path, bool bars)
{
    char why[160];
    struct pdf_paper *paper = pdf_paper_new(bars);
    if (!paper) {
        fprintf(stderr, "datbox print: the host has no memory\n");
        return false;
    }
    pdf_paper_print(paper, text, length);
    bool ok = pdf_paper_save(paper, path, why, sizeof why);
    if (ok)
        printf("%s: %u page%s\n", path, pdf_paper_pages(paper),
               pdf_paper_pages(paper) == 1 ? "" : "s");
    else
        fprintf(stderr, "datbox print: %s: %s\n", path, why);
    pdf_paper_free(paper);
    return ok;
}

static bool print_split(const char *text, size_t length, const char *directory, bool bars)
{
    char path[4096];
    bool ok = true;
    if (mkdir(directory, 0777) && errno != EEXIST) {
        fprintf(stderr, "datbox print: %s: %s\n", directory, strerror(errno));
        return false;
    }
    struct piece *pieces = listing_cut_paper(text, length);
    if (!pieces)
        fprintf(stderr, "datbox print: there are no separator pages in the listing\n");
    for (const struct piece *p = pieces; p && ok; p = p->next) {
        if (p->name[0])
            snprintf(path, sizeof path, "%s/%04u-%s-%s.pdf", directory, p->spool_id, p->name,
                     p->type);
        else
            snprintf(path, sizeof path, "%s/%04u.pdf", directory, p->spool_id);
        ok = print(p->text ? p->text : "", p->length, path, bars);
    }
    listing_free(pieces);
    return ok && pieces;
}

int print_main(int argc, char **argv)
{
    static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                            {"split", required_argument, NULL, 's'},
                                            {"plain", no_argument, NULL, 'p'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *output = NULL, *directory = NULL;
    char path[4096];
    bool bars = true;
    int option;
    while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        if (option == 'o')
            output = optarg;
        else if (option == 's')
            directory = optarg;
        else if (option == 'p')
            bars = false;
        else
            return usage(option == 'h' ? stdout : stderr);
    }
    if (optind + 1 != argc)
        return usage(stderr);
    size_t length;
    char *text = listing_read("datbox print", argv[optind], &length);
    if (!text)
        return STATUS_FAILED;
    snprintf(path, sizeof path, "%s.pdf", argv[optind]);
    bool ok = directory ? print_split(text, length, directory, bars)
                        : print(text, length, output ? output : path, bars);
    free(text);
    return ok ? STATUS_OK : STATUS_FAILED;
}
