#include "test/schema/every_digest.h"

#include <cstring>
#include <span>
#include <string_view>

namespace tessera::test {
namespace {

// Deep enough for what `fill` makes; a message with a circle would go on for long.
constexpr unsigned kDepthMax = 6;

#define EVERY_NUMBERS(X)                                                                                               \
    X(Truth, truth)                                                                                                    \
    X(Tiny, tiny)                                                                                                      \
    X(Small, small)                                                                                                    \
    X(Number, number)                                                                                                  \
    X(Big, big)                                                                                                        \
    X(Utiny, utiny)                                                                                                    \
    X(Usmall, usmall)                                                                                                  \
    X(Unumber, unumber)                                                                                                \
    X(Ubig, ubig)                                                                                                      \
    X(Single, single)                                                                                                  \
    X(Double, double_)                                                                                                 \
    X(Color, color)                                                                                                    \
    X(DefTruth, def_truth)                                                                                             \
    X(DefNumber, def_number)                                                                                           \
    X(DefBig, def_big)                                                                                                 \
    X(DefSingle, def_single)                                                                                           \
    X(DefDouble, def_double)                                                                                           \
    X(DefColor, def_color)

#define EVERY_NUMBER_LISTS(X)                                                                                          \
    X(List, list)                                                                                                      \
    X(Truths, truths)                                                                                                  \
    X(Bytes, bytes)                                                                                                    \
    X(Longs, longs)                                                                                                    \
    X(Doubles, doubles)                                                                                                \
    X(Colors, colors)                                                                                                  \
    X(DefList, def_list)

class Text {
  public:
    template <typename T>
    void number(T value) {
        double real = 0;
        if constexpr (std::is_enum_v<T>) {
            all_ += std::to_string(static_cast<unsigned>(value));
        } else if constexpr (std::is_floating_point_v<T>) {
            real = static_cast<double>(value);
            std::uint64_t bits = 0;
            std::memcpy(&bits, &real, sizeof(bits));
            all_ += real != real ? "nan" : std::to_string(bits);
        } else {
            all_ += std::to_string(value);
        }
        all_ += ' ';
    }
    void bytes(const void* data, std::size_t size) {
        all_ += std::to_string(size) + ":";
        all_.append(static_cast<const char*>(data), size);
        all_ += ' ';
    }
    void bytes(capnp::Text::Reader text) { bytes(text.begin(), text.size()); }
    void bytes(capnp::Data::Reader data) { bytes(data.begin(), data.size()); }
    void bytes(std::string_view text) { bytes(text.data(), text.size()); }
    void bytes(std::span<const std::byte> data) { bytes(data.data(), data.size()); }
    template <typename List>
    void list(const List& values) {
        number(values.size());
        for (const auto value : values) {
            number(value);
        }
    }
    template <typename List>
    void list_of_bytes(const List& values) {
        number(values.size());
        for (const auto value : values) {
            bytes(value);
        }
    }
    void add(const std::string& text) { all_ += text; }
    [[nodiscard]] std::string take() { return std::move(all_); }

  private:
    std::string all_;
};

std::string digest_inner(stock::Every::Inner::Reader inner) {
    Text text;
    text.number(inner.getA());
    text.bytes(inner.getB());
    text.number(static_cast<unsigned>(inner.which()));
    if (inner.isSome()) {
        text.number(inner.getSome());
    }
    return text.take();
}

std::string digest_inner(every::EveryInner::Reader inner) {
    Text text;
    text.number(inner.a());
    text.bytes(inner.b());
    text.number(static_cast<unsigned>(inner.which()));
    if (inner.which() == every::EveryInner::Which::Some) {
        text.number(inner.some());
    }
    return text.take();
}

std::string some_text(Random& random) { return std::string(random() % 12, static_cast<char>('a' + random() % 26)); }

}  // namespace

std::string digest(stock::Every::Reader every, unsigned depth) {
    Text text;
#define NUMBER(upper, lower) text.number(every.get##upper());
    EVERY_NUMBERS(NUMBER)
#undef NUMBER
#define LIST(upper, lower) text.list(every.get##upper());
    EVERY_NUMBER_LISTS(LIST)
#undef LIST
    text.number(every.getNothings().size());
    text.bytes(every.getText());
    text.bytes(every.getData());
    text.bytes(every.getDefText());
    text.bytes(every.getDefData());
    text.list_of_bytes(every.getTexts());
    text.list_of_bytes(every.getDatas());
    text.list_of_bytes(every.getDefTexts());
    text.add(digest_inner(every.getDefChild()));
    for (const auto inner : every.getInners()) {
        text.add(digest_inner(inner));
    }
    for (const auto list : every.getNested()) {
        text.list(list);
    }
    const auto choice = every.getChoice();
    text.number(static_cast<unsigned>(choice.which()));
    if (choice.isFirst()) {
        text.number(choice.getFirst());
    } else if (choice.isSecond()) {
        text.bytes(choice.getSecond());
    } else if (choice.isFourth()) {
        text.number(choice.getFourth().getX());
        text.bytes(choice.getFourth().getY());
    }
    text.number(every.getPlace().getColumn());
    text.number(every.getPlace().getRow());
    text.number(every.getAny().isNull());
    if (!every.getAny().isNull() && every.hasText()) {  // only a struct is there then
        text.add(digest_inner(every.getAny().getAs<stock::Every::Inner>()));
    }
    if (depth < kDepthMax) {
        text.number(every.hasChild());
        if (every.hasChild()) {
            text.add(digest(every.getChild(), depth + 1));
        }
        for (const auto child : every.getChildren()) {
            text.add(digest(child, depth + 1));
        }
    }
    return text.take();
}

std::string digest(every::Every::Reader every, unsigned depth) {
    Text text;
#define NUMBER(upper, lower) text.number(every.lower());
    EVERY_NUMBERS(NUMBER)
#undef NUMBER
#define LIST(upper, lower) text.list(every.lower());
    EVERY_NUMBER_LISTS(LIST)
#undef LIST
    text.number(every.nothings().size());
    text.bytes(every.text());
    text.bytes(every.data());
    text.bytes(every.def_text());
    text.bytes(every.def_data());
    text.list_of_bytes(every.texts());
    text.list_of_bytes(every.datas());
    text.list_of_bytes(every.def_texts());
    text.add(digest_inner(every.def_child()));
    for (const auto inner : every.inners()) {
        text.add(digest_inner(inner));
    }
    for (const auto list : every.nested()) {
        text.list(list);
    }
    const auto choice = every.choice();
    using Which = every::EveryChoice::Which;
    text.number(static_cast<unsigned>(choice.which()));
    if (choice.which() == Which::First) {
        text.number(choice.first());
    } else if (choice.which() == Which::Second) {
        text.bytes(choice.second());
    } else if (choice.which() == Which::Fourth) {
        text.number(choice.fourth().x());
        text.bytes(choice.fourth().y());
    }
    text.number(every.place().column());
    text.number(every.place().row());
    text.number(every.any().is_null());
    if (!every.any().is_null() && every.has_text()) {
        text.add(digest_inner(every.any().as<every::EveryInner>()));
    }
    if (depth < kDepthMax) {
        text.number(every.has_child());
        if (every.has_child()) {
            text.add(digest(every.child(), depth + 1));
        }
        for (const auto child : every.children()) {
            text.add(digest(child, depth + 1));
        }
    }
    return text.take();
}

void fill(stock::Every::Builder to, Random& random, unsigned depth) {
#define NUMBER(upper, lower) to.set##upper(static_cast<decltype(to.get##upper())>(random()));
#define EVERY_INTEGERS(X)                                                                                              \
    X(Tiny, tiny)                                                                                                      \
    X(Small, small)                                                                                                    \
    X(Number, number)                                                                                                  \
    X(Big, big)                                                                                                        \
    X(Utiny, utiny)                                                                                                    \
    X(Usmall, usmall)                                                                                                  \
    X(Unumber, unumber)                                                                                                \
    X(Ubig, ubig)                                                                                                      \
    X(Single, single)                                                                                                  \
    X(Double, double_)                                                                                                 \
    X(DefNumber, def_number)                                                                                           \
    X(DefBig, def_big)                                                                                                 \
    X(DefSingle, def_single)                                                                                           \
    X(DefDouble, def_double)
    if (random() % 2 != 0) {
        EVERY_INTEGERS(NUMBER)
        to.setTruth(random() % 2 != 0);
        to.setDefTruth(random() % 2 != 0);
        to.setColor(static_cast<stock::Color>(random() % 5));
        to.setDefColor(static_cast<stock::Color>(random() % 5));
    }
#undef NUMBER
    if (random() % 2 != 0) {
        to.setText(some_text(random));
        const std::string data = some_text(random);
        to.setData({reinterpret_cast<const kj::byte*>(data.data()), data.size()});
        to.setDefText(some_text(random));
        auto any = to.getAny().initAs<stock::Every::Inner>();
        any.setA(static_cast<std::uint32_t>(random()));
        any.setB(some_text(random));
    }
    const unsigned count = random() % 9;
    if (count % 2 != 0) {
        auto list = to.initList(count);
        auto truths = to.initTruths(count);
        auto longs = to.initLongs(count);
        auto doubles = to.initDoubles(count);
        auto bytes = to.initBytes(count);
        auto texts = to.initTexts(count);
        auto nested = to.initNested(count);
        auto inners = to.initInners(count);
        to.initNothings(count);
        auto colors = to.initColors(count);
        for (unsigned i = 0; i < count; ++i) {
            list.set(i, static_cast<std::int32_t>(random()));
            truths.set(i, random() % 2 != 0);
            longs.set(i, random());
            doubles.set(i, static_cast<double>(random()) / 7);
            bytes.set(i, static_cast<std::uint8_t>(random()));
            texts.set(i, some_text(random));
            auto numbers = nested.init(i, i);
            for (unsigned j = 0; j < i; ++j) {
                numbers.set(j, static_cast<std::int16_t>(random()));
            }
            inners[i].setA(static_cast<std::uint32_t>(random()));
            inners[i].setSome(static_cast<double>(random()));
            colors.set(i, static_cast<stock::Color>(random() % 3));
        }
    }
    switch (random() % 4) {
    case 0:
        to.getChoice().setFirst(static_cast<std::uint32_t>(random()));
        break;
    case 1:
        to.getChoice().setSecond(some_text(random));
        break;
    case 2:
        to.getChoice().setThird();
        break;
    default: {
        auto fourth = to.getChoice().initFourth();
        fourth.setX(static_cast<std::int16_t>(random()));
        fourth.setY(some_text(random));
        break;
    }
    }
    to.getPlace().setColumn(static_cast<std::uint16_t>(random()));
    to.getPlace().setRow(static_cast<std::uint16_t>(random()));
    if (depth < 3 && random() % 2 != 0) {
        fill(to.initChild(), random, depth + 1);
        auto children = to.initChildren(random() % 3);
        for (auto child : children) {
            fill(child, random, depth + 1);
        }
    }
}

void fill(every::Every::Builder to, Random& random, unsigned depth) {
    if (random() % 2 != 0) {
#define NUMBER(type, name) to.set_##name(static_cast<type>(random()));
        NUMBER(std::int8_t, tiny)
        NUMBER(std::int16_t, small)
        NUMBER(std::int32_t, number)
        NUMBER(std::int64_t, big)
        NUMBER(std::uint8_t, utiny)
        NUMBER(std::uint16_t, usmall)
        NUMBER(std::uint32_t, unumber)
        NUMBER(std::uint64_t, ubig)
        NUMBER(float, single)
        NUMBER(double, double)
        NUMBER(std::int32_t, def_number)
        NUMBER(std::uint64_t, def_big)
        NUMBER(float, def_single)
        NUMBER(double, def_double)
#undef NUMBER
        to.set_truth(random() % 2 != 0);
        to.set_def_truth(random() % 2 != 0);
        to.set_color(static_cast<every::Color>(random() % 5));
        to.set_def_color(static_cast<every::Color>(random() % 5));
    }
    if (random() % 2 != 0) {
        to.set_text(some_text(random));
        to.set_data(std::as_bytes(std::span<const char>(some_text(random))));
        to.set_def_text(some_text(random));
        auto any = to.init_any().init_as<every::EveryInner>();
        any.set_a(static_cast<std::uint32_t>(random()));
        any.set_b(some_text(random));
    }
    const unsigned count = random() % 9;
    if (count % 2 != 0) {
        auto list = to.init_list(count);
        auto truths = to.init_truths(count);
        auto longs = to.init_longs(count);
        auto doubles = to.init_doubles(count);
        auto bytes = to.init_bytes(count);
        auto texts = to.init_texts(count);
        auto nested = to.init_nested(count);
        auto inners = to.init_inners(count);
        to.init_nothings(count);
        auto colors = to.init_colors(count);
        for (unsigned i = 0; i < count; ++i) {
            list.set(i, static_cast<std::int32_t>(random()));
            truths.set(i, random() % 2 != 0);
            longs.set(i, random());
            doubles.set(i, static_cast<double>(random()) / 7);
            bytes.set(i, static_cast<std::uint8_t>(random()));
            texts.set(i, some_text(random));
            auto numbers = nested.init_list(i, i);
            for (unsigned j = 0; j < i; ++j) {
                numbers.set(j, static_cast<std::int16_t>(random()));
            }
            inners[i].set_a(static_cast<std::uint32_t>(random()));
            inners[i].set_some(static_cast<double>(random()));
            colors.set(i, static_cast<every::Color>(random() % 3));
        }
    }
    switch (random() % 4) {
    case 0:
        to.choice().set_first(static_cast<std::uint32_t>(random()));
        break;
    case 1:
        to.choice().set_second(some_text(random));
        break;
    case 2:
        to.choice().set_third();
        break;
    default: {
        auto fourth = to.choice().init_fourth();
        fourth.set_x(static_cast<std::int16_t>(random()));
        fourth.set_y(some_text(random));
        break;
    }
    }
    to.place().set_column(static_cast<std::uint16_t>(random()));
    to.place().set_row(static_cast<std::uint16_t>(random()));
    if (depth < 3 && random() % 2 != 0) {
        fill(to.init_child(), random, depth + 1);
        auto children = to.init_children(random() % 3);
        for (std::uint32_t i = 0; i < children.size(); ++i) {
            fill(children[i], random, depth + 1);
        }
    }
}

}  // namespace tessera::test
