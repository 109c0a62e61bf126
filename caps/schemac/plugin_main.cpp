// capnpc-tessera: a plug-in for `capnp compile`, which hands it a request on standard input and starts it in the folder
// to write to.
#include "caps/schemac/load.h"
#include "caps/schemac/products.h"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <kj/exception.h>
#include <stdexcept>
#include <unistd.h>

namespace {

void write(const tessera::schemac::Product& product) {
    const std::filesystem::path path(product.name);
    if (path.has_parent_path()) {
        std::filesystem::create_directories(path.parent_path());
    }
    std::ofstream file(path, std::ios::binary);
    file << product.content;
    if (!file.flush()) {
        throw std::runtime_error("cannot write " + product.name);
    }
}

}  // namespace

int main(int argc, char**) {
    if (argc > 1 || ::isatty(STDIN_FILENO) != 0) {
        std::fputs("capnpc-tessera is started by `capnp compile`: capnp compile -o capnpc-tessera:FOLDER FILE.capnp\n",
                   stderr);
        return 2;
    }
    try {
        for (const auto& product : tessera::schemac::products_of(tessera::schemac::read_request(STDIN_FILENO))) {
            write(product);
        }
        return 0;
    } catch (const kj::Exception& error) {
        std::fprintf(stderr, "capnpc-tessera: standard input is no request: %s\n", error.getDescription().cStr());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "capnpc-tessera: %s\n", error.what());
    }
    return 1;
}
