// Builds and reads the same people in four encodings: `messages ROUNDS` prints lines "OPERATION SIZE ENGINE NANOSECONDS
// CHECKSUM", the best of the rounds, which are interleaved. Each builds to bytes that could be sent, from numbers and
// texts in memory; each reads bytes that it does not trust, and looks at every field.
#include "caps/schemac/stock.h"
#include "people.capnp.h"
#include "people.pb.h"
#include "people.tessera.hpp"
#include "people_generated.h"

#include <algorithm>
#include <capnp/message.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace {

struct Phone {
    std::string number;
    unsigned kind;
};
struct Person {
    std::uint64_t id;
    std::string name;
    std::string email;
    float height;
    bool active;
    std::vector<Phone> phones;
};
struct People {
    std::vector<Person> people;
    std::vector<std::int32_t> scores;
};

People make(unsigned count) {
    People all;
    for (unsigned i = 0; i < count; ++i) {
        Person person{i * 7919ULL + 1,
                      "Person number " + std::to_string(i),
                      "person" + std::to_string(i) + "@example.org",
                      1.5F + static_cast<float>(i % 50) / 100,
                      i % 3 == 0,
                      {}};
        for (unsigned phone = 0; phone < 2 + i % 2; ++phone) {
            person.phones.push_back({"+49 30 " + std::to_string(100000 + i * 7 + phone), (i + phone) % 3});
        }
        all.people.push_back(std::move(person));
        for (unsigned score = 0; score < 8; ++score) {
            all.scores.push_back(static_cast<std::int32_t>(i * 31 + score));
        }
    }
    return all;
}

// What is read, added up: so that nothing can be left out.
class Sum {
  public:
    void number(std::uint64_t value) { sum_ += value; }
    void text(const char* data, std::size_t size) {
        sum_ += size;
        sum_ += size > 0 ? static_cast<unsigned char>(data[0]) + static_cast<unsigned char>(data[size - 1]) : 0;
    }
    [[nodiscard]] std::uint64_t get() const { return sum_; }

  private:
    std::uint64_t sum_ = 0;
};

class Engine {
  public:
    virtual ~Engine() = default;
    virtual std::size_t build(const People& from) = 0;  // the bytes are kept for `read`
    virtual std::uint64_t read() = 0;
};

class Ours final : public Engine {
  public:
    explicit Ours(std::size_t room) : room_(room) {}
    std::size_t build(const People& from) override {
        tessera::message::MessageBuilder message{std::span<std::byte>(room_)};
        auto root = message.init_root<people::People>();
        auto list = root.init_people(static_cast<std::uint32_t>(from.people.size()));
        for (std::uint32_t i = 0; i < list.size(); ++i) {
            const Person& person = from.people[i];
            auto to = list[i];
            to.set_id(person.id);
            to.set_name(person.name);
            to.set_email(person.email);
            to.set_height(person.height);
            to.set_active(person.active);
            auto phones = to.init_phones(static_cast<std::uint32_t>(person.phones.size()));
            for (std::uint32_t j = 0; j < phones.size(); ++j) {
                phones[j].set_number(person.phones[j].number);
                phones[j].set_kind(static_cast<people::PersonKind>(person.phones[j].kind));
            }
        }
        auto scores = root.init_scores(static_cast<std::uint32_t>(from.scores.size()));
        for (std::uint32_t i = 0; i < scores.size(); ++i) {
            scores.set(i, from.scores[i]);
        }
        bytes_ = message.bytes();
        return message.ok() ? bytes_.size() : 0;
    }
    std::uint64_t read() override {
        Sum sum;
        tessera::message::MessageReader message(bytes_);
        const auto root = message.root<people::People>();
        for (const auto person : root.people()) {
            sum.number(person.id());
            const auto name = person.name();
            sum.text(name.data(), name.size());
            const auto email = person.email();
            sum.text(email.data(), email.size());
            sum.number(static_cast<std::uint64_t>(person.height() * 100));
            sum.number(person.active() ? 1 : 0);
            for (const auto phone : person.phones()) {
                const auto number = phone.number();
                sum.text(number.data(), number.size());
                sum.number(static_cast<std::uint64_t>(phone.kind()));
            }
        }
        for (const std::int32_t score : root.scores()) {
            sum.number(static_cast<std::uint64_t>(score));
        }
        return message.ok() ? sum.get() : 0;
    }

  private:
    std::vector<std::byte> room_;
    std::span<const std::byte> bytes_;
};

class Stock final : public Engine {
  public:
    explicit Stock(std::size_t room) : scratch_(room / sizeof(capnp::word)) {}
    std::size_t build(const People& from) override {
        // With scratch space, as its documentation advises; it wants it to be zero, and zeroes it at its end.
        capnp::MallocMessageBuilder message(
            kj::arrayPtr(reinterpret_cast<capnp::word*>(scratch_.data()), scratch_.size()));
        auto root = message.initRoot<stock::People>();
        auto list = root.initPeople(static_cast<unsigned>(from.people.size()));
        for (unsigned i = 0; i < list.size(); ++i) {
            const Person& person = from.people[i];
            auto to = list[i];
            to.setId(person.id);
            to.setName(capnp::Text::Reader(person.name.c_str(), person.name.size()));
            to.setEmail(capnp::Text::Reader(person.email.c_str(), person.email.size()));
            to.setHeight(person.height);
            to.setActive(person.active);
            auto phones = to.initPhones(static_cast<unsigned>(person.phones.size()));
            for (unsigned j = 0; j < phones.size(); ++j) {
                phones[j].setNumber(
                    capnp::Text::Reader(person.phones[j].number.c_str(), person.phones[j].number.size()));
                phones[j].setKind(static_cast<stock::Person::Kind>(person.phones[j].kind));
            }
        }
        auto scores = root.initScores(static_cast<unsigned>(from.scores.size()));
        for (unsigned i = 0; i < scores.size(); ++i) {
            scores.set(i, from.scores[i]);
        }
        const auto segments = message.getSegmentsForOutput();
        if (words_.empty()) {
            words_.resize(segments[0].size());
            std::memcpy(words_.data(), segments[0].begin(), segments[0].size() * sizeof(capnp::word));
        }
        return segments.size() == 1 ? segments[0].size() * sizeof(capnp::word) : 0;
    }
    std::uint64_t read() override {
        Sum sum;
        const kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(words_.data()),
                                                      words_.size());
        capnp::SegmentArrayMessageReader message(kj::arrayPtr(&segment, 1));
        const auto root = message.getRoot<stock::People>();
        for (const auto person : root.getPeople()) {
            sum.number(person.getId());
            const auto name = person.getName();
            sum.text(name.begin(), name.size());
            const auto email = person.getEmail();
            sum.text(email.begin(), email.size());
            sum.number(static_cast<std::uint64_t>(person.getHeight() * 100));
            sum.number(person.getActive() ? 1 : 0);
            for (const auto phone : person.getPhones()) {
                const auto number = phone.getNumber();
                sum.text(number.begin(), number.size());
                sum.number(static_cast<std::uint64_t>(phone.getKind()));
            }
        }
        for (const std::int32_t score : root.getScores()) {
            sum.number(static_cast<std::uint64_t>(score));
        }
        return sum.get();
    }

  private:
    std::vector<std::uint64_t> scratch_;
    std::vector<std::uint64_t> words_;
};

class Flat final : public Engine {
  public:
    std::size_t build(const People& from) override {
        builder_.Clear();
        people_.clear();
        for (const Person& person : from.people) {
            phones_.clear();
            for (const Phone& phone : person.phones) {
                phones_.push_back(flat::CreatePhone(
                    builder_, builder_.CreateString(phone.number), static_cast<flat::Kind>(phone.kind)));
            }
            const auto name = builder_.CreateString(person.name);
            const auto email = builder_.CreateString(person.email);
            const auto phones = builder_.CreateVector(phones_);
            people_.push_back(
                flat::CreatePerson(builder_, person.id, name, email, person.height, person.active, phones));
        }
        const auto scores = builder_.CreateVector(from.scores);
        const auto list = builder_.CreateVector(people_);
        builder_.Finish(flat::CreatePeople(builder_, list, scores));
        return builder_.GetSize();
    }
    std::uint64_t read() override {
        Sum sum;
        flatbuffers::Verifier verifier(builder_.GetBufferPointer(), builder_.GetSize(), 64, 100000000);
        if (!flat::VerifyPeopleBuffer(verifier)) {
            return 0;
        }
        const flat::People* root = flat::GetPeople(builder_.GetBufferPointer());
        for (const flat::Person* person : *root->people()) {
            sum.number(person->id());
            sum.text(person->name()->c_str(), person->name()->size());
            sum.text(person->email()->c_str(), person->email()->size());
            sum.number(static_cast<std::uint64_t>(person->height() * 100));
            sum.number(person->active() ? 1 : 0);
            for (const flat::Phone* phone : *person->phones()) {
                sum.text(phone->number()->c_str(), phone->number()->size());
                sum.number(static_cast<std::uint64_t>(phone->kind()));
            }
        }
        for (const std::int32_t score : *root->scores()) {
            sum.number(static_cast<std::uint64_t>(score));
        }
        return sum.get();
    }

  private:
    flatbuffers::FlatBufferBuilder builder_;
    std::vector<flatbuffers::Offset<flat::Person>> people_;
    std::vector<flatbuffers::Offset<flat::Phone>> phones_;
};

class Proto final : public Engine {
  public:
    explicit Proto(std::size_t room) : room_(room) {}
    std::size_t build(const People& from) override {
        message_.Clear();
        for (const Person& person : from.people) {
            proto::Person* to = message_.add_people();
            to->set_id(person.id);
            to->set_name(person.name);
            to->set_email(person.email);
            to->set_height(person.height);
            to->set_active(person.active);
            for (const Phone& phone : person.phones) {
                proto::Phone* to_phone = to->add_phones();
                to_phone->set_number(phone.number);
                to_phone->set_kind(static_cast<proto::Kind>(phone.kind));
            }
        }
        message_.mutable_scores()->Add(from.scores.begin(), from.scores.end());
        size_ = message_.ByteSizeLong();
        return message_.SerializeToArray(room_.data(), static_cast<int>(room_.size())) ? size_ : 0;
    }
    std::uint64_t read() override {
        Sum sum;
        if (!parsed_.ParseFromArray(room_.data(), static_cast<int>(size_))) {
            return 0;
        }
        for (const proto::Person& person : parsed_.people()) {
            sum.number(person.id());
            sum.text(person.name().data(), person.name().size());
            sum.text(person.email().data(), person.email().size());
            sum.number(static_cast<std::uint64_t>(person.height() * 100));
            sum.number(person.active() ? 1 : 0);
            for (const proto::Phone& phone : person.phones()) {
                sum.text(phone.number().data(), phone.number().size());
                sum.number(static_cast<std::uint64_t>(phone.kind()));
            }
        }
        for (const std::int32_t score : parsed_.scores()) {
            sum.number(static_cast<std::uint64_t>(score));
        }
        return sum.get();
    }

  private:
    proto::People message_;
    proto::People parsed_;
    std::vector<char> room_;
    std::size_t size_ = 0;
};

double nanoseconds(const std::function<std::uint64_t()>& work, unsigned turns, std::uint64_t& checksum) {
    const auto begin = std::chrono::steady_clock::now();
    for (unsigned i = 0; i < turns; ++i) {
        checksum = work();
    }
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / turns;
}

struct Measured {
    const char* name;
    std::unique_ptr<Engine> engine;
    double build = std::numeric_limits<double>::max();
    double read = std::numeric_limits<double>::max();
    std::uint64_t checksum = 0;
    std::uint64_t bytes = 0;
};

void measure(const char* size, unsigned count, unsigned turns, unsigned rounds) {
    const People people = make(count);
    const std::size_t room = 4096 + std::size_t{count} * 1024;
    std::vector<Measured> all;
    all.push_back({"tessera", std::make_unique<Ours>(room)});
    all.push_back({"capnp", std::make_unique<Stock>(room)});
    all.push_back({"flatbuffers", std::make_unique<Flat>()});
    all.push_back({"protobuf", std::make_unique<Proto>(room)});
    for (unsigned round = 0; round < rounds; ++round) {
        for (Measured& one : all) {
            one.build = std::min(one.build, nanoseconds([&] { return one.engine->build(people); }, turns, one.bytes));
            one.read = std::min(one.read, nanoseconds([&] { return one.engine->read(); }, turns, one.checksum));
        }
    }
    for (const Measured& one : all) {
        std::printf("message_build %s %s %.1f %llu\n",
                    size,
                    one.name,
                    one.build,
                    static_cast<unsigned long long>(one.bytes != 0));
        std::printf(
            "message_read %s %s %.1f %llu\n", size, one.name, one.read, static_cast<unsigned long long>(one.checksum));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned rounds = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 5;
    measure("small", 1, 20000, rounds);
    measure("large", 1000, 30, rounds);
    return 0;
}
