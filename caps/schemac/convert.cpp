#include "caps/schemac/convert.h"

#include "caps/schemac/stock.h"

#include <capnp/compat/json.h>
#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/pretty-print.h>
#include <capnp/schema-parser.h>
#include <capnp/serialize-packed.h>
#include <capnp/serialize-text.h>
#include <capnp/serialize.h>
#include <cstring>
#include <kj/filesystem.h>
#include <kj/io.h>
#include <stdexcept>
#include <vector>

namespace tessera::schemac {
namespace {

kj::ArrayPtr<const kj::byte> bytes_of(const std::string& text) {
    return {reinterpret_cast<const kj::byte*>(text.data()), text.size()};
}

// In words, as readers want them aligned.
class Words {
  public:
    explicit Words(const std::string& bytes) : words_(bytes.size() / sizeof(capnp::word)) {
        if (bytes.empty()) {
            throw std::runtime_error("the message is empty");
        }
        if (bytes.size() % sizeof(capnp::word) != 0) {
            throw std::runtime_error("the message has " + std::to_string(bytes.size()) +
                                     " bytes, no multiple of 8: it was cut off, or is packed (--packed)");
        }
        std::memcpy(words_.data(), bytes.data(), bytes.size());
    }
    [[nodiscard]] kj::ArrayPtr<const capnp::word> get() const {
        return {reinterpret_cast<const capnp::word*>(words_.data()), words_.size()};
    }

  private:
    std::vector<std::uint64_t> words_;
};

class LoadedSchema {
  public:
    explicit LoadedSchema(const ConvertOptions& options) : disk_(kj::newDiskFilesystem()) {
        const auto& current = disk_->getCurrentPath();
        std::vector<std::string> paths = options.import_paths;
        for (const char* standard : {"/usr/local/include", "/usr/include"}) {  // as `capnp` itself does
            if (disk_->getRoot().exists(current.evalNative(standard))) {
                paths.emplace_back(standard);
            }
        }
        for (const std::string& path : paths) {
            folders_.add(disk_->getRoot().openSubdir(current.evalNative(path)));
            imports_.add(folders_.back().get());
        }
        const auto path = current.evalNative(options.schema);
        if (!disk_->getRoot().exists(path)) {
            throw std::runtime_error("there is no schema " + options.schema);
        }
        const auto folder = path.parent().clone();
        folders_.add(disk_->getRoot().openSubdir(folder));
        const capnp::ParsedSchema file =
            parser_.parseFromDirectory(*folders_.back(), path.basename().clone(), imports_.asPtr());
        type_ = find(file, options).asStruct();
    }

    [[nodiscard]] capnp::StructSchema type() const { return type_; }

  private:
    static capnp::ParsedSchema find(capnp::ParsedSchema at, const ConvertOptions& options) {
        std::string rest = options.type;
        while (!rest.empty()) {
            const auto dot = rest.find('.');
            const std::string name = rest.substr(0, dot);
            KJ_IF_MAYBE (nested, at.findNested(name)) {
                at = *nested;
            } else {
                throw std::runtime_error(options.schema + " has no " + name + ": the type is written as Outer.Inner");
            }
            rest.erase(0, dot == std::string::npos ? rest.size() : dot + 1);
        }
        if (!at.getProto().isStruct()) {
            throw std::runtime_error(options.type + " is no struct, and a message's root is one");
        }
        return at;
    }

    kj::Own<kj::Filesystem> disk_;
    kj::Vector<kj::Own<const kj::ReadableDirectory>> folders_;
    kj::Vector<const kj::ReadableDirectory*> imports_;
    capnp::SchemaParser parser_;
    capnp::StructSchema type_;
};

std::string text_of(const ConvertOptions& options, const LoadedSchema& schema, capnp::MessageReader& message) {
    const auto root = message.getRoot<capnp::DynamicStruct>(schema.type());
    if (options.text == Text::Json) {
        capnp::JsonCodec codec;
        codec.setPrettyPrint(true);
        const auto text = codec.encode(root);
        return std::string(text.cStr(), text.size()) + "\n";
    }
    const auto text = capnp::prettyPrint(root).flatten();
    return std::string(text.cStr(), text.size()) + "\n";
}

std::string binary_of(const ConvertOptions& options, capnp::MessageBuilder& message) {
    kj::VectorOutputStream out;
    if (options.canonical || options.framing == Framing::Flat) {
        // Both are one segment; the canonical form also has nothing in it that need not be.
        const auto words = message.getRoot<capnp::AnyStruct>().asReader().canonicalize();
        if (options.framing == Framing::Flat) {
            const auto bytes = words.asBytes();
            return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
        }
        const kj::ArrayPtr<const capnp::word> segment = words;
        const kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>> segments(&segment, 1);
        options.framing == Framing::Packed ? capnp::writePackedMessage(out, segments)
                                           : capnp::writeMessage(out, segments);
    } else if (options.framing == Framing::Packed) {
        capnp::writePackedMessage(out, message);
    } else {
        capnp::writeMessage(out, message);
    }
    const auto bytes = out.getArray();
    return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

}  // namespace

std::string decode(const ConvertOptions& options, const std::string& message) {
    const LoadedSchema schema(options);
    if (options.framing == Framing::Packed) {
        kj::ArrayInputStream in(bytes_of(message));
        capnp::PackedMessageReader reader(in);
        return text_of(options, schema, reader);
    }
    const Words words(message);
    if (options.framing == Framing::Flat) {
        const kj::ArrayPtr<const capnp::word> segment = words.get();
        capnp::SegmentArrayMessageReader reader({&segment, 1});
        return text_of(options, schema, reader);
    }
    capnp::FlatArrayMessageReader reader(words.get());
    if (reader.getEnd() != words.get().end()) {
        throw std::runtime_error(
            "bytes follow behind the message: it is no message, or more than one, or without a table of "
            "segments (--flat)");
    }
    return text_of(options, schema, reader);
}

std::string encode(const ConvertOptions& options, const std::string& text) {
    const LoadedSchema schema(options);
    capnp::MallocMessageBuilder message;
    auto root = message.initRoot<capnp::DynamicStruct>(schema.type());
    if (options.text == Text::Json) {
        capnp::JsonCodec().decode(kj::StringPtr(text.c_str(), text.size()).asArray(), root);
    } else {
        capnp::TextCodec().decode(kj::StringPtr(text.c_str(), text.size()), root);
    }
    return binary_of(options, message);
}

}  // namespace tessera::schemac
