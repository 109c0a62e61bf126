# Builds the crates one after the other, as their Cargo.toml would have it, and the program. $RUSTC is `tessera rustc`.
set -eu
"$(dirname "$RUSTC")/fetch-crates" crates librust-memchr-dev librust-aho-corasick-dev librust-regex-syntax-dev librust-regex-dev
crate() {
    name=$1; features=$2; shift 2
    for feature in $features; do set -- "$@" --cfg "feature=\"$feature\""; done
    "$RUSTC" -O --edition 2018 --crate-type lib --crate-name "$name" --cap-lints allow --out-dir . -L . "$@"
}
unicode="unicode unicode-age unicode-bool unicode-case unicode-gencat unicode-perl unicode-script unicode-segment"
crate memchr std crates/memchr-*/src/lib.rs --cfg memchr_runtime_simd --cfg memchr_runtime_sse2 --cfg memchr_runtime_sse42 --cfg memchr_runtime_avx
crate aho_corasick std crates/aho-corasick-*/src/lib.rs --extern memchr=libmemchr.rlib
crate regex_syntax "$unicode" crates/regex-syntax-*/src/lib.rs
crate regex "std aho-corasick memchr perf-literal perf-dfa perf-cache perf-inline $unicode" crates/regex-1*/src/lib.rs \
    --extern memchr=libmemchr.rlib --extern aho_corasick=libaho_corasick.rlib --extern regex_syntax=libregex_syntax.rlib
"$RUSTC" -O -g --edition 2021 main.rs -o regex.sir -L . --extern regex=libregex.rlib --extern memchr=libmemchr.rlib
