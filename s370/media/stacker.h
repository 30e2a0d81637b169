/* A stacker of a punch: each card that falls into it goes to an output, in the form of a deck. */
#ifndef S370_MEDIA_STACKER_H
#define S370_MEDIA_STACKER_H

#include "s370/media/deck.h"
#include "s370/media/output.h"

/* As text (or DECK_DETECT) a line per card without its trailing blanks, where characters that no
 * text has become question marks; as card images; or in column binary, which keeps all holes.
 * False: it has holes that this form cannot keep; nothing was written. */
bool stacker_put(struct output *o, enum deck_form form, bool crlf, const struct card *card);

#endif
