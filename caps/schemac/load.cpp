#include "caps/schemac/load.h"

#include "caps/schemac/stock.h"

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>
#include <cstring>

namespace tessera::schemac {
namespace {

namespace wire = capnp::schema;

// Of caps/schema/tessera.capnp.
constexpr Id kStrict = 0xf9d58484684029c4;
constexpr Id kClosed = 0xda9dd8722848040e;
constexpr Id kText = 0x93855d5a40405705;
constexpr Id kNamespace = 0x80bc423b7a1982c6;

std::string text_of(capnp::Text::Reader text) { return {text.cStr(), text.size()}; }

Type type_of(wire::Type::Reader type) {
    switch (type.which()) {
    case wire::Type::VOID:
        return {Kind::Void};
    case wire::Type::BOOL:
        return {Kind::Bool};
    case wire::Type::INT8:
        return {Kind::Int8};
    case wire::Type::INT16:
        return {Kind::Int16};
    case wire::Type::INT32:
        return {Kind::Int32};
    case wire::Type::INT64:
        return {Kind::Int64};
    case wire::Type::UINT8:
        return {Kind::UInt8};
    case wire::Type::UINT16:
        return {Kind::UInt16};
    case wire::Type::UINT32:
        return {Kind::UInt32};
    case wire::Type::UINT64:
        return {Kind::UInt64};
    case wire::Type::FLOAT32:
        return {Kind::Float32};
    case wire::Type::FLOAT64:
        return {Kind::Float64};
    case wire::Type::TEXT:
        return {Kind::Text};
    case wire::Type::DATA:
        return {Kind::Data};
    case wire::Type::LIST:
        return {Kind::List, 0, {type_of(type.getList().getElementType())}};
    case wire::Type::ENUM:
        return {Kind::Enum, type.getEnum().getTypeId()};
    case wire::Type::STRUCT:
        return {Kind::Struct, type.getStruct().getTypeId()};
    case wire::Type::INTERFACE:
        return {Kind::Interface, type.getInterface().getTypeId()};
    case wire::Type::ANY_POINTER: {
        const auto any = type.getAnyPointer();
        return {any.isUnconstrained() && any.getUnconstrained().isCapability() ? Kind::Capability : Kind::Any};
    }
    }
    return {Kind::Any};
}

template <typename T>
std::uint64_t raw(T value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(value));
    return bits;
}

std::uint64_t bits_of_value(wire::Value::Reader value) {
    switch (value.which()) {
    case wire::Value::BOOL:
        return value.getBool() ? 1 : 0;
    case wire::Value::INT8:
        return raw(value.getInt8());
    case wire::Value::INT16:
        return raw(value.getInt16());
    case wire::Value::INT32:
        return raw(value.getInt32());
    case wire::Value::INT64:
        return raw(value.getInt64());
    case wire::Value::UINT8:
        return value.getUint8();
    case wire::Value::UINT16:
        return value.getUint16();
    case wire::Value::UINT32:
        return value.getUint32();
    case wire::Value::UINT64:
        return value.getUint64();
    case wire::Value::FLOAT32:
        return raw(value.getFloat32());
    case wire::Value::FLOAT64:
        return raw(value.getFloat64());
    case wire::Value::ENUM:
        return value.getEnum();
    default:
        return 0;
    }
}

std::vector<std::byte> bytes_of(const void* data, std::size_t size) {
    std::vector<std::byte> bytes(size);
    if (size != 0) {
        std::memcpy(bytes.data(), data, size);
    }
    return bytes;
}

// As a message of one segment: a word for the pointer, then what it points to.
std::vector<std::byte> flat(capnp::AnyPointer::Reader pointer) {
    capnp::MallocMessageBuilder message(static_cast<unsigned>(pointer.targetSize().wordCount + 1));
    message.setRoot(pointer);
    const auto segments = message.getSegmentsForOutput();
    KJ_REQUIRE(segments.size() == 1, "a default value took more room than it said");
    const auto bytes = segments[0].asBytes();
    return bytes_of(bytes.begin(), bytes.size());
}

void read_default(wire::Value::Reader value, Field& field) {
    field.default_bits = bits_of_value(value);
    switch (value.which()) {
    case wire::Value::TEXT:
        field.has_default = value.hasText();
        field.default_bytes = bytes_of(value.getText().begin(), value.getText().size());
        break;
    case wire::Value::DATA:
        field.has_default = value.hasData();
        field.default_bytes = bytes_of(value.getData().begin(), value.getData().size());
        break;
    case wire::Value::LIST:
        field.has_default = !value.getList().isNull();
        field.default_bytes = flat(value.getList());
        break;
    case wire::Value::STRUCT:
        field.has_default = !value.getStruct().isNull();
        field.default_bytes = flat(value.getStruct());
        break;
    case wire::Value::ANY_POINTER:
        field.has_default = !value.getAnyPointer().isNull();
        field.default_bytes = flat(value.getAnyPointer());
        break;
    default:
        break;
    }
}

template <typename Annotations>
Strictness strictness_of(const Annotations& annotations) {
    for (const auto annotation : annotations) {
        if (annotation.getId() == kStrict) {
            return Strictness::Strict;
        }
    }
    return Strictness::Flexible;
}

void read_struct(wire::Node::Struct::Reader from, Node& node) {
    node.data_words = from.getDataWordCount();
    node.pointers = from.getPointerCount();
    node.discriminants = from.getDiscriminantCount();
    node.discriminant_offset = from.getDiscriminantOffset();
    node.group = from.getIsGroup();
    for (const auto field : from.getFields()) {
        Field& to = node.fields.emplace_back();
        to.name = text_of(field.getName());
        to.discriminant = field.getDiscriminantValue();
        if (field.getOrdinal().isExplicit()) {
            to.ordinal = field.getOrdinal().getExplicit();
        }
        if (field.isGroup()) {
            to.group = true;
            to.strictness = strictness_of(field.getAnnotations());
            to.type = {Kind::Struct, field.getGroup().getTypeId()};
        } else {
            to.type = type_of(field.getSlot().getType());
            to.offset = field.getSlot().getOffset();
            read_default(field.getSlot().getDefaultValue(), to);
        }
    }
}

void read_interface(wire::Node::Interface::Reader from, Node& node) {
    for (const auto super : from.getSuperclasses()) {
        node.supers.push_back(super.getId());
    }
    for (const auto method : from.getMethods()) {
        node.methods.push_back({.name = text_of(method.getName()),
                                .parameters = method.getParamStructType(),
                                .results = method.getResultStructType(),
                                .strictness = strictness_of(method.getAnnotations()),
                                .generic = method.getImplicitParameters().size() != 0});
    }
}

void read_enum(wire::Node::Enum::Reader from, Node& node) {
    for (const auto enumerant : from.getEnumerants()) {
        Enumerant& to = node.enumerants.emplace_back();
        to.name = text_of(enumerant.getName());
        for (const auto annotation : enumerant.getAnnotations()) {
            if (annotation.getId() == kText && annotation.getValue().isText()) {
                to.text = text_of(annotation.getValue().getText());
            }
        }
    }
}

Node read_node(wire::Node::Reader from) {
    Node node{.id = from.getId(), .scope = from.getScopeId(), .path = text_of(from.getDisplayName())};
    const std::string path = node.path;
    node.name = path.substr(from.getDisplayNamePrefixLength());
    node.generic = from.getIsGeneric();
    node.strictness = strictness_of(from.getAnnotations());
    for (const auto annotation : from.getAnnotations()) {
        node.closed = node.closed || annotation.getId() == kClosed;
        if (annotation.getId() == kNamespace && annotation.getValue().isText()) {
            node.cpp_namespace = text_of(annotation.getValue().getText());
        }
    }
    for (const auto nested : from.getNestedNodes()) {
        node.nested.emplace_back(text_of(nested.getName()), nested.getId());
    }
    switch (from.which()) {
    case wire::Node::FILE:
        break;
    case wire::Node::STRUCT:
        node.kind = NodeKind::Struct;
        read_struct(from.getStruct(), node);
        break;
    case wire::Node::ENUM:
        node.kind = NodeKind::Enum;
        read_enum(from.getEnum(), node);
        break;
    case wire::Node::INTERFACE:
        node.kind = NodeKind::Interface;
        read_interface(from.getInterface(), node);
        break;
    case wire::Node::CONST:
        node.kind = NodeKind::Constant;
        node.constant.type = type_of(from.getConst().getType());
        read_default(from.getConst().getValue(), node.constant);
        break;
    case wire::Node::ANNOTATION:
        node.kind = NodeKind::Annotation;
        break;
    }
    return node;
}

void read_comments(wire::Node::SourceInfo::Reader from, Node& node) {
    node.doc = text_of(from.getDocComment());
    const auto members = from.getMembers();
    for (unsigned i = 0; i < members.size(); ++i) {
        const std::string doc = text_of(members[i].getDocComment());
        if (i < node.fields.size()) {
            node.fields[i].doc = doc;
        }
        if (i < node.enumerants.size()) {
            node.enumerants[i].doc = doc;
        }
        if (i < node.methods.size()) {
            node.methods[i].doc = doc;
        }
    }
}

}  // namespace

Schema read_request(int descriptor) {
    capnp::ReaderOptions options;
    options.traversalLimitInWords = 1ULL << 30U;
    capnp::StreamFdMessageReader message(descriptor, options);
    const auto request = message.getRoot<wire::CodeGeneratorRequest>();
    Schema schema;
    for (const auto node : request.getNodes()) {
        schema.nodes.emplace(node.getId(), read_node(node));
    }
    for (const auto info : request.getSourceInfo()) {
        if (const auto found = schema.nodes.find(info.getId()); found != schema.nodes.end()) {
            read_comments(info, found->second);
        }
    }
    for (const auto file : request.getRequestedFiles()) {
        RequestedFile& to = schema.requested.emplace_back(file.getId(), text_of(file.getFilename()));
        for (const auto import : file.getImports()) {
            to.imports.push_back({import.getId(), text_of(import.getName())});
        }
    }
    // A named union's annotations stand at its field.
    for (auto& [id, node] : schema.nodes) {
        for (const Field& field : node.fields) {
            if (const auto group = schema.nodes.find(field.type.id); field.group && group != schema.nodes.end()) {
                group->second.strictness = field.strictness;
            }
        }
    }
    // What methods take and give has no scope in a request; it belongs to the interface.
    for (auto& [id, node] : schema.nodes) {
        for (const Method& method : node.methods) {
            for (const Id part : {method.parameters, method.results}) {
                if (const auto found = schema.nodes.find(part);
                    found != schema.nodes.end() && found->second.scope == 0) {
                    found->second.scope = id;
                }
            }
        }
    }
    return schema;
}

}  // namespace tessera::schemac
