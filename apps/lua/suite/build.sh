# build.sh APP: compiles Lua and the driver, in a copy of Lua's sources, and puts the tests into the folder tests. $CC may be any
# compiler. APP is the folder of this file. Ends with status 77 where the tests cannot be had: without node, npm or the network.
set -eu
app=$1
rm -rf fengari && mkdir fengari
if ! (cd fengari && npm pack --silent fengari@0.1.5 && tar -xzf fengari-*.tgz && node "$app/extract.mjs" package ../tests) >tests.log 2>&1; then
    cat tests.log >&2
    echo "build.sh: can't get Lua's tests: they need node and npm (apt-get install nodejs npm) and npm's registry" >&2
    exit 77
fi
grep -v '^#' "$app/left-out" | grep . > left-out
awk 'NR == FNR { left_out[$1] = 1; next } !($1 in left_out)' left-out tests/all > tests/list

echo '#define DEB_HOST_MULTIARCH "tessera"' > src/lua5.3-deb-multiarch.h  # Debian's build makes it
rm src/lua.c src/luac.c
eval "$CC" -O2 -w -DLUA_COMPAT_5_2 -Isrc '"$app/main.c"' 'src/*.c' -lm -o suite
