#include "caps/schemac/products.h"

#include "caps/schemac/describe.h"
#include "caps/schemac/emit.h"
#include "caps/schemac/scope.h"

#include <string_view>

namespace tessera::schemac {

std::vector<Product> products_of(const Schema& schema) {
    std::vector<Product> products;
    for (const RequestedFile& file : schema.requested) {
        std::string stem = file.name;
        if (stem.ends_with(".capnp")) {
            stem.resize(stem.size() - std::string_view(".capnp").size());
        }
        products.push_back({stem + ".tessera.h", emit_c(schema, file)});
        products.push_back({stem + ".tessera.hpp", emit_cpp(schema, file)});
        products.push_back({stem + ".tessera.rs", emit_rust(schema, file)});
        if (!nodes_of(schema, file, NodeKind::Interface).empty()) {
            products.push_back({stem + ".shims.c", emit_shims(schema, file)});
        }
        products.push_back({stem + ".kernel.h", emit_kernel(schema, file)});
        for (const Node* node : nodes_of(schema, file, NodeKind::Interface)) {
            const auto bytes = describe(schema, *node);
            products.push_back({stem + "." + cpp_type(schema, *node) + ".tif", {bytes.begin(), bytes.end()}});
        }
    }
    return products;
}

}  // namespace tessera::schemac
