#!/bin/sh
# Installs the Debian packages datbox needs, or says which they are.
# usage: packages.sh SET...      sets: build, test
# Says what is missing and why before it asks apt for it.  On a system
# without apt it lists the packages and stops with status 1.
set -eu

list() {
    case $1 in
    build) cat <<'EOF'
gcc                               the host compiler
pkg-config                        finds the libraries
gcc-s390x-linux-gnu               cross compiler for CP and CMS
gcc-12-multilib-s390x-linux-gnu   its 31-bit helpers (64-bit division)
libc6-dev                         C library headers
libuv1-dev                        event loop
libtelnet-dev                     telnet negotiation
libssl-dev                        encrypted terminal sessions
libedit-dev                       line editing on the operator's console
libncurses-dev                    the full-screen terminal
zlib1g-dev                        compressed volumes
libhpdf-dev                       PDF of printer output
libjansson-dev                    what batch jobs did, for programs
libsdl2-dev                       the front panel
libsdl2-ttf-dev                   its letters
libsdl2-image-dev                 its pictures
fonts-dejavu-core                 its font
libbz2-dev                        compressed volumes
EOF
    ;;
    test) cat <<'EOF'
check                             unit tests
openssl                           certificates and a client for tests
clang                             second compiler, fuzz targets
libclang-rt-14-dev                sanitizers for clang
clang-format                      layout of the sources
hercules                          opens our volumes, differential tests
tmux                              terminal tests
s3270                             reference 3270 for tests
c3270                             the same on a screen
poppler-utils                     reads the PDFs that we write
binutils-s390x-linux-gnu          disassembles target objects
slurmctld                         array jobs of many systems
slurmd                            ... on this host
slurm-client                      ... and their commands
munge                             who may send them
gdb-multiarch                     debugs CP through the machine's gdb port
EOF
    ;;
    *) echo "packages.sh: no package set '$1' (there are: build, test)" >&2; exit 2 ;;
    esac
}

missing=
for set in "$@"; do
    for package in $(list "$set" | cut -d' ' -f1); do
        if ! command -v dpkg-query >/dev/null ||
            ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
            missing="$missing $package"
        fi
    done
done
[ -n "$missing" ] || exit 0

echo "datbox needs these packages:"
for set in "$@"; do
    list "$set" | while read -r package why; do
        case " $missing " in *" $package "*) printf '  %-34s %s\n' "$package" "$why" ;; esac
    done
done
if ! command -v apt-get >/dev/null; then
    echo "There is no apt-get here: install them (or your system's equals) and try again." >&2
    exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Become root, or: apt-get install$missing" >&2; exit 1; }
    sudo=sudo
fi
echo "installing them with apt-get ..."
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get install -y -qq $missing </dev/null >/dev/null 2>&1 || {
    $sudo apt-get update -qq </dev/null
    $sudo apt-get install -y -qq $missing </dev/null >/dev/null
}
