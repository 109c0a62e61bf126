// The one main of all Catch2 programs: compiled once, since it is by far the slowest part of each.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
