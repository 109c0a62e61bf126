// Calls a Thing directly, through proxies of programs that have never heard of it, and by messages of its own making; all of
// it has to be the same. The first argument says what to look at.
#include <stdio.h>
#include <string.h>

#include "thing.tessera.h"
#include <tessera/message.tessera.h>

static int failures;
#define CHECK(condition)                                              \
    do {                                                              \
        if (!(condition)) {                                           \
            printf("line %d, %s: %s\n", __LINE__, way, #condition);   \
            ++failures;                                               \
        }                                                             \
    } while (0)

static void check_numbers(testing_thing thing, const char* way) {
    double sum = 0;
    uint32_t all = 0;
    float half = 0;
    CHECK(testing_thing_numbers(thing, true, -100, -5, -5000000000, 3.0F, 0.25, &sum, &all, &half) == 0);
    CHECK(sum == -4999999999.75 && all == 1100495 && half == 1.5F);
    CHECK(testing_thing_numbers(thing, false, 127, -500, 1, -1.0F, 1e300, &sum, &all, &half) == 0);
    CHECK(sum == 1e300 && all == 327000 && half == -0.5F);
    uint64_t a = 0, b = 0, c = 0, d = 0;
    CHECK(testing_thing_counts(thing, &a, &b, &c, &d) == 0);
    CHECK(b == a + 1 && c == b << 40U && d == ~a);
}

static char large[300000], back[300000];

static void check_bytes(testing_thing thing, const char* way) {
    char upper[20];
    unsigned char reversed[8];
    size_t upper_length = 0, reversed_length = 0;
    CHECK(testing_thing_bytes(thing, "hello", 5, "\1\2\3", 3, reversed, 8, &reversed_length, upper, 20, &upper_length) == 0);
    CHECK(upper_length == 5 && memcmp(upper, "HELLO", 5) == 0 && reversed_length == 3 && memcmp(reversed, "\3\2\1", 3) == 0);
    CHECK(testing_thing_bytes(thing, "", 0, "", 0, reversed, 8, &reversed_length, upper, 20, &upper_length) == 0);
    CHECK(upper_length == 0 && reversed_length == 0);
    // Room that is just enough, and one byte less.
    CHECK(testing_thing_bytes(thing, "hello", 5, "12", 2, reversed, 2, &reversed_length, upper, 5, &upper_length) == 0);
    CHECK(upper_length == 5 && reversed_length == 2);
    CHECK(testing_thing_bytes(thing, "hello", 5, "12", 2, reversed, 2, &reversed_length, upper, 4, &upper_length) == 13);
    CHECK(upper_length == 5 && reversed_length == 2);
    for (size_t i = 0; i < sizeof large; ++i) {
        large[i] = (char)(i * 7);
    }
    CHECK(testing_thing_bytes(thing, "a", 1, large, sizeof large, back, sizeof back, &reversed_length, upper, 20, &upper_length) == 0);
    CHECK(reversed_length == sizeof large && back[0] == large[sizeof large - 1] && back[sizeof back - 1] == large[0]);
}

static void check_pair(testing_thing thing, const char* way) {
    unsigned char room[512], answer[512];
    tessera_builder builder = tessera_builder_of(room, sizeof room);
    testing_pair_builder pair = testing_pair_init_root(&builder);
    testing_pair_set_value(pair, -7);
    testing_pair_set_name(pair, "seven", 5);
    const size_t length = tessera_builder_length(&builder);
    size_t answered = 0;
    CHECK(testing_thing_pair(thing, room, length, answer, sizeof answer, &answered) == 0);
    tessera_message message = tessera_message_of(answer, answered);
    const testing_pair_reader got = testing_pair_root(&message);
    CHECK(testing_pair_value(got) == -7);
    const tessera_bytes name = testing_pair_name(&message, got);
    CHECK(name.length == 5 && memcmp(tessera_bytes_data(name), "seven", 5) == 0 && message.fault == 0);
    CHECK(testing_thing_pair(thing, room, length, answer, 8, &answered) == 13);
    CHECK(answered == length);
}

static void check_objects(testing_thing thing, const char* way) {
    testing_thing child = {0}, chosen = {0};
    bool same = true;
    uint32_t number = 0;
    CHECK(testing_thing_child(thing, 41, &child) == 0);
    CHECK(testing_thing_number(child, &number) == 0 && number == 41);
    CHECK(testing_thing_objects(thing, child, thing, 0, &chosen, &same) == 0);
    CHECK(!same && testing_thing_number(chosen, &number) == 0 && number == 41);
    CHECK(tessera_cap_equal(tessera_cap_from_handle(chosen.handle), tessera_cap_from_handle(child.handle)));
    CHECK(testing_thing_objects(thing, child, child, 1, &chosen, &same) == 0 && same);
    const testing_thing none = {0};
    CHECK(testing_thing_objects(thing, child, none, 1, &chosen, &same) == 0 && !same);
    CHECK(testing_thing_number(chosen, &number) == 2);  // stale: it is null
}

static void check_errors(testing_thing thing, const char* way) {
    CHECK(testing_thing_fails(thing, 17) == 17);
    CHECK(testing_thing_fails(thing, 0) == 0);
    CHECK(testing_thing_traps(thing) == 7);
}

static void check_all(testing_thing thing, const char* way) {
    check_numbers(thing, way);
    check_bytes(thing, way);
    check_pair(thing, way);
    check_objects(thing, way);
    check_errors(thing, way);
}

static testing_thing wrapped(tessera_interposer by, testing_thing thing) {
    tessera_object made = {0};
    const int32_t status = tessera_interposer_wrap(by, (tessera_object){thing.handle}, &made);
    if (status != 0) {
        printf("wrapping gives %d\n", (int)status);
        ++failures;
    }
    return (testing_thing){made.handle};
}

// number @7 and child @6 by hand.
static void check_messages(testing_thing thing, const char* way) {
    const tessera_message_handler any = {thing.handle};
    uint64_t body[4] = {0}, answer[8] = {0};
    uint32_t given[4] = {0};
    size_t answered = 0, were_given = 0;
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 7, body, 8, 0, 0, 0, 0, answer, 64, &answered, given, 16, &were_given) == 0);
    CHECK(answered == 16 && answer[0] == 0x100000000 && were_given == 0);
    body[0] = 0x100000000;
    body[1] = 12;
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 6, body, 16, 0, 0, 0, 0, answer, 64, &answered, given, 16, &were_given) == 0);
    CHECK(answered == 16 && were_given == 4 && answer[1] == 3);
    uint32_t number = 0;
    CHECK(testing_thing_number((testing_thing){given[0]}, &number) == 0 && number == 12);
    // What is wrong.
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 7, body, 0, 0, 0, 0, 0, answer, 64, &answered, given, 16, &were_given) == 12);
    body[0] = 0x7fff00000000;
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 6, body, 16, 0, 0, 0, 0, answer, 64, &answered, given, 16, &were_given) == 12);
    body[0] = 0;
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 99, body, 8, 0, 0, 0, 0, answer, 64, &answered, given, 16, &were_given) == 1);
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID + 1, 0, body, 8, 0, 0, 0, 0, answer, 64, &answered, given, 16, &were_given) == 3);
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 7, body, 8, 0, 0, 0, 0, answer, 8, &answered, given, 16, &were_given) == 13);
    const uint32_t wrong[1] = {0x12345};
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 3, body, 8, wrong, 4, 0, 0, answer, 64, &answered, given, 16, &were_given) == 2);
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 3, body, 8, wrong, 3, 0, 0, answer, 64, &answered, given, 16, &were_given) == 12);
    // A capability whose index no capability has.
    uint64_t objects[4] = {0x0002000100000000, 0, 3 | 5ULL << 32, 0};
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 3, objects, 32, given, 4, 0, 0, answer, 64, &answered, given + 1, 4, &were_given) == 12);
    objects[2] = 3;
    CHECK(tessera_message_handler_call(any, TESTING_THING_ID, 3, objects, 32, given, 4, 0, 0, answer, 64, &answered, given + 1, 4, &were_given) == 0);
    CHECK(were_given == 4 && testing_thing_number((testing_thing){given[1]}, &number) == 0 && number == 12);
}

static void check_thousand(tessera_interposer by, testing_thing thing) {
    const char* way = "a thousand proxies";
    testing_thing outer = thing;
    for (int i = 0; i < 1000; ++i) {
        outer = wrapped(by, outer);
    }
    uint32_t number = 1;
    CHECK(testing_thing_number(outer, &number) == 0 && number == 0);
    CHECK(testing_thing_fails(outer, 20) == 20);
    for (int i = 0; i < 10000; ++i) {
        outer = wrapped(by, outer);
    }
    const int32_t status = testing_thing_number(outer, &number);
    CHECK(status == 8 || status == 9);  // exhausted or tooDeep
    CHECK(testing_thing_number(thing, &number) == 0);
}

static testing_thing in_care(tessera_caretaker of, testing_thing thing, tessera_revoker* revoker) {
    tessera_object made = {0};
    if (tessera_caretaker_wrap(of, (tessera_object){thing.handle}, &made, revoker) != 0) {
        printf("a caretaker gives nothing\n");
        ++failures;
    }
    return (testing_thing){made.handle};
}

static int are_equal(testing_thing a, testing_thing b) {
    return tessera_cap_equal(tessera_cap_from_handle(a.handle), tessera_cap_from_handle(b.handle));
}

static void check_membrane(tessera_caretaker membrane, testing_thing thing) {
    const char* way = "through a membrane";
    tessera_revoker revoker = {0};
    const testing_thing wrapped = in_care(membrane, thing, &revoker);
    check_all(wrapped, way);
    testing_thing child = {0}, again = {0}, chosen = {0};
    bool same = true, revoked = true;
    uint32_t number = 0;
    // What comes from there has a wrapper, always the same one, and what is handed in comes home as it was.
    CHECK(testing_thing_child(wrapped, 7, &child) == 0 && !are_equal(child, thing));
    CHECK(testing_thing_objects(wrapped, child, thing, 0, &again, &same) == 0 && are_equal(child, again) && !same);
    CHECK(testing_thing_objects(wrapped, child, thing, 1, &chosen, &same) == 0 && are_equal(chosen, thing));
    CHECK(testing_thing_objects(child, wrapped, wrapped, 1, &chosen, &same) == 0 && are_equal(chosen, wrapped) && same);
    CHECK(tessera_revoker_revoked(revoker, &revoked) == 0 && !revoked);
    CHECK(tessera_revoker_revoke(revoker) == 0 && tessera_revoker_revoke(revoker) == 0);
    CHECK(tessera_revoker_revoked(revoker, &revoked) == 0 && revoked);
    CHECK(testing_thing_number(wrapped, &number) == 5 && testing_thing_number(child, &number) == 5);
    CHECK(testing_thing_number(thing, &number) == 0);
}

static void check_revocation(tessera_caretaker caretaker, testing_thing thing) {
    const char* way = "in a caretaker's care";
    tessera_revoker revoker = {0};
    const testing_thing wrapped = in_care(caretaker, thing, &revoker);
    check_all(wrapped, way);
    uint32_t number = 0;
    CHECK(tessera_revoker_revoke(revoker) == 0);
    CHECK(testing_thing_number(wrapped, &number) == 5);
}

static void check_limits(tessera_interposer faults, tessera_interposer shortens, tessera_interposer quota, testing_thing thing) {
    const char* way = "through faults and limits";
    uint32_t number = 0;
    const testing_thing faulty = wrapped(faults, thing);
    for (int i = 1; i <= 9; ++i) {
        CHECK(testing_thing_number(faulty, &number) == (i % 3 == 0 ? 33 : 0));
    }
    char upper[20];
    unsigned char reversed[8];
    size_t upper_length = 0, reversed_length = 0;
    const testing_thing short_one = wrapped(shortens, thing);
    CHECK(testing_thing_bytes(short_one, "four", 4, "1", 1, reversed, 8, &reversed_length, upper, 20, &upper_length) == 0);
    CHECK(testing_thing_bytes(short_one, "fives", 5, "1", 1, reversed, 8, &reversed_length, upper, 20, &upper_length) == 13);
    const testing_thing counted = wrapped(quota, thing), other = wrapped(quota, thing);
    for (int i = 1; i <= 5; ++i) {
        CHECK(testing_thing_number(counted, &number) == (i <= 4 ? 0 : 8));
    }
    CHECK(testing_thing_bytes(other, "a", 1, large, 1000, back, 1000, &reversed_length, upper, 20, &upper_length) == 0);
    CHECK(testing_thing_bytes(other, "a", 1, large, 1000, back, 1000, &reversed_length, upper, 20, &upper_length) == 8);
}

static void check_garbage(tessera_interposer garbage, testing_thing thing) {
    const char* way = "to one that answers garbage";
    static const int32_t expected[8] = {12, 12, 12, 12, 12, 2, 13, 7};
    const testing_thing liar = wrapped(garbage, thing);
    for (int i = 0; i < 24; ++i) {
        testing_thing child = {0};
        uint32_t number = 0;
        const int32_t status = testing_thing_child(liar, 1, &child);
        // Numbers of nobody are the null capability.
        CHECK((status == 0 ? testing_thing_number(child, &number) : status) == expected[i % 8]);
    }
}

int tessera_main(tessera_cap granted, tessera_cap forwarder, tessera_cap membrane, tessera_cap caretaker, tessera_cap faults,
                 tessera_cap shortens, tessera_cap quota, tessera_cap garbage, tessera_cap console) {
    (void)console;
    const testing_thing thing = {tessera_cap_to_handle(granted)};
    check_membrane((tessera_caretaker){tessera_cap_to_handle(membrane)}, thing);
    check_revocation((tessera_caretaker){tessera_cap_to_handle(caretaker)}, thing);
    check_garbage((tessera_interposer){tessera_cap_to_handle(garbage)}, thing);
    check_limits((tessera_interposer){tessera_cap_to_handle(faults)}, (tessera_interposer){tessera_cap_to_handle(shortens)},
                 (tessera_interposer){tessera_cap_to_handle(quota)}, thing);
    const tessera_interposer by = {tessera_cap_to_handle(forwarder)};
    check_all(thing, "directly");
    check_messages(thing, "by message");
    const testing_thing once = wrapped(by, thing);
    check_all(once, "through a proxy");
    check_messages(once, "by message through a proxy");
    check_all(wrapped(by, wrapped(by, once)), "through three proxies");
    check_thousand(by, thing);
    printf("%d wrong\n", failures);
    return failures != 0;
}
