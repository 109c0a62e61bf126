// Asks each of the kernel's objects for all that it serves, and for what it must refuse; prints what is not as
// expected, or how many questions there were.
#include <stdio.h>
#include <string.h>
#include <tessera/arguments.tessera.h>
#include <tessera/directory.tessera.h>
#include <tessera/domain.h>
#include <tessera/random.tessera.h>
#include <tessera/status.tessera.h>
#include <tessera/stream.tessera.h>
#include <tessera/time.tessera.h>

static unsigned asked, wrong;

static void expect(int right, const char* what, int line) {
    ++asked;
    if (!right) {
        ++wrong;
        printf("line %d: not so: %s\n", line, what);
    }
}
#define EXPECT(what) expect((what), #what, __LINE__)

static char text[8192];
static size_t length;

static int is_text(const char* expected) { return length == strlen(expected) && memcmp(text, expected, length) == 0; }

static tessera_arguments ask_arguments(void) {
    const tessera_arguments arguments = {tessera_cap_to_handle(tessera_domain_arguments())};
    uint32_t words = 0, variables = 0, grants = 0;
    EXPECT(tessera_arguments_count(arguments, &words, &variables) == 0 && words == 3 && variables == 2);
    EXPECT(tessera_arguments_word(arguments, 0, text, sizeof text, &length) == 0 && is_text("objects"));
    EXPECT(tessera_arguments_word(arguments, 2, text, sizeof text, &length) == 0 && is_text("two words"));
    EXPECT(tessera_arguments_word(arguments, 3, text, sizeof text, &length) == TESSERA_STATUS_NOT_FOUND);
    EXPECT(tessera_arguments_word(arguments, 2, text, 8, &length) == TESSERA_STATUS_TOO_SMALL && length == 9);
    char value[64];
    size_t value_length = 0;
    EXPECT(tessera_arguments_variable(arguments, 0, text, sizeof text, &length, value, sizeof value, &value_length) ==
           0);
    EXPECT(is_text("COLOUR") && value_length == 4 && memcmp(value, "blue", 4) == 0);
    EXPECT(tessera_arguments_find(arguments, "COLOUR", 6, text, sizeof text, &length) == 0 && is_text("blue"));
    EXPECT(tessera_arguments_find(arguments, "EMPTY", 5, text, sizeof text, &length) == 0 && is_text(""));
    EXPECT(tessera_arguments_find(arguments, "COLOU", 5, text, sizeof text, &length) == TESSERA_STATUS_NOT_FOUND);
    EXPECT(tessera_arguments_grants(arguments, &grants) == 0 && grants == 4);
    EXPECT(tessera_arguments_grant_name(arguments, 3, text, sizeof text, &length) == 0 && is_text("/files"));
    EXPECT(tessera_arguments_grant_name(arguments, 4, text, sizeof text, &length) == TESSERA_STATUS_NOT_FOUND);
    return arguments;
}

static tessera_handle granted(tessera_arguments arguments, uint32_t index, uint64_t interface) {
    uint64_t found = 0;
    tessera_object object = {0};
    EXPECT(tessera_arguments_grant(arguments, index, &found, &object) == 0 && found == interface);
    return object.handle;
}

static void ask_console(tessera_console console) {
    const tessera_byte_stream stream = tessera_console_as_tessera_byte_stream(console);
    uint64_t written = 0;
    EXPECT(tessera_byte_stream_write(stream, "written\n", 8, UINT64_MAX, &written) == 0 && written == 8);
    uint16_t columns = 1, rows = 1;
    EXPECT(tessera_console_size(console, &columns, &rows) == 0 && columns == 0 && rows == 0);
    EXPECT(tessera_console_set_input(console, true, true) == TESSERA_STATUS_UNSUPPORTED);
    EXPECT(tessera_byte_stream_finish(stream) == 0);
    EXPECT(tessera_byte_stream_read(stream, 0, UINT64_MAX, text, sizeof text, &length) == 0 && length == 0);
    EXPECT(tessera_byte_stream_read(stream, 10, UINT64_MAX, text, 0, &length) == TESSERA_STATUS_TOO_SMALL);
    const int32_t status = tessera_byte_stream_read(stream, 10, 0, text, sizeof text, &length);
    EXPECT(status == TESSERA_STATUS_WOULD_WAIT || status == TESSERA_STATUS_END_OF_STREAM);
    const tessera_file no_file = {console.handle};
    EXPECT(tessera_file_sync(no_file, false) == TESSERA_STATUS_WRONG_INTERFACE);
}

static void ask_clock(tessera_clock clock, tessera_console console) {
    uint64_t first = 0, second = 0, step = 0;
    int64_t wall = 0;
    EXPECT(tessera_clock_now(clock, &first) == 0 && tessera_clock_now(clock, &second) == 0 && first <= second);
    EXPECT(tessera_clock_wall(clock, &wall) == 0 && wall > 1000000000);
    EXPECT(tessera_clock_resolution(clock, &step) == 0 && step > 0);
    const tessera_timer timer = {clock.handle};
    EXPECT(tessera_timer_sleep(timer, 3000000, &second) == 0 && second >= first + 3000000);
    EXPECT(tessera_timer_sleep_until(timer, second + 1000000, &first) == 0 && first >= second + 1000000);
    EXPECT(tessera_timer_sleep_until(timer, 0, &second) == 0);
    const tessera_byte_stream stream = tessera_console_as_tessera_byte_stream(console);
    const int32_t status = tessera_byte_stream_read(stream, 10, second + 5000000, text, sizeof text, &length);
    EXPECT(status == TESSERA_STATUS_TIMED_OUT || status == TESSERA_STATUS_END_OF_STREAM);
}

static void ask_random(tessera_random random) {
    uint64_t first = 0, second = 0;
    EXPECT(tessera_random_number(random, &first) == 0 && tessera_random_number(random, &second) == 0 &&
           first != second);
    memset(text, 0, sizeof text);
    EXPECT(tessera_random_bytes(random, 5000, text, sizeof text, &length) == 0 && length == 5000);
    size_t zeros = 0;
    for (size_t i = 0; i < 5000; ++i) {
        zeros += text[i] == 0;
    }
    EXPECT(zeros < 200 && text[5000] == 0);
    EXPECT(tessera_random_bytes(random, 9000, text, sizeof text, &length) == TESSERA_STATUS_TOO_SMALL &&
           length == 9000);
}

static void ask_file(tessera_directory directory, tessera_file file) {
    uint64_t bytes = 0;
    EXPECT(tessera_file_size(file, &bytes) == 0 && bytes == 10);
    EXPECT(tessera_file_read(file, 5, 100, text, sizeof text, &length) == 0 && is_text("beta\n"));
    EXPECT(tessera_file_read(file, 11, 100, text, sizeof text, &length) == 0 && length == 0);
    EXPECT(tessera_file_read(file, UINT64_MAX, UINT32_MAX, text, sizeof text, &length) == 0 && length == 0);
    EXPECT(tessera_file_read(file, 0, 100, text, 4, &length) == TESSERA_STATUS_TOO_SMALL && length == 10);
    EXPECT(tessera_file_metadata(file, text, sizeof text, &length) == 0);
    tessera_message message = tessera_message_of(text, length);
    const tessera_metadata_reader metadata = tessera_metadata_root(&message);
    EXPECT(tessera_metadata_kind(metadata) == TESSERA_KIND_FILE && tessera_metadata_bytes(metadata) == 10 &&
           tessera_metadata_links(metadata) == 1 && !tessera_metadata_writable(metadata) &&
           tessera_metadata_identity(metadata) != 0);
    EXPECT(tessera_file_metadata(file, text, 55, &length) == TESSERA_STATUS_TOO_SMALL && length == 56);
    uint64_t written = 0;
    EXPECT(tessera_file_write(file, 0, "x", 1, &written) == TESSERA_STATUS_READ_ONLY && written == 0);
    EXPECT(tessera_file_resize(file, 0) == TESSERA_STATUS_READ_ONLY && tessera_file_sync(file, true) == 0);
    EXPECT(tessera_file_read_parts(file, 0, text, 8, text, 8, &length) == TESSERA_STATUS_UNSUPPORTED);
    tessera_file again = {0};
    EXPECT(tessera_directory_open(directory, "sub/b.txt", 9, TESSERA_CREATE_MISSING, false, &again) == 0);
    EXPECT(tessera_cap_equal(tessera_cap_from_handle(file.handle), tessera_cap_from_handle(again.handle)) != 0);
    tessera_file_release(again);
}

// Entry by entry, and all at once, which has to come to the same.
static void ask_list(tessera_directory directory) {
    uint64_t cookie = 0, next = 0;
    EXPECT(tessera_directory_list(directory, 0, 100, text, sizeof text, &length, &next) == 0 && next == 0);
    tessera_message message = tessera_message_of(text, length);
    const tessera_list entries = tessera_read_list(&message, tessera_root_place(&message), TESSERA_COMPOSITE);
    EXPECT(entries.count == 2);
    const tessera_entry_reader first = tessera_entry_element(entries, 0), second = tessera_entry_element(entries, 1);
    const tessera_bytes name = tessera_entry_name(&message, first), other = tessera_entry_name(&message, second);
    EXPECT(name.length == 5 && memcmp(tessera_bytes_data(name), "a.txt", 5) == 0 &&
           tessera_entry_kind(first) == TESSERA_KIND_FILE);
    EXPECT(other.length == 3 && memcmp(tessera_bytes_data(other), "sub", 3) == 0 &&
           tessera_entry_kind(second) == TESSERA_KIND_DIRECTORY);
    EXPECT(tessera_entry_identity(first) != 0 && tessera_entry_identity(first) != tessera_entry_identity(second));
    EXPECT(message.fault == 0);
    const size_t whole = length;
    EXPECT(tessera_directory_list(directory, cookie, 1, text, sizeof text, &length, &next) == 0 && next != 0);
    EXPECT(tessera_directory_list(directory, next, 1, text, sizeof text, &length, &cookie) == 0 && cookie == 0);
    EXPECT(tessera_directory_list(directory, 0, 100, text, whole - 1, &length, &next) == 0 && next != 0);
    EXPECT(tessera_directory_list(directory, 0, 100, text, 40, &length, &next) == TESSERA_STATUS_TOO_SMALL &&
           length > 40);
    EXPECT(tessera_directory_list(directory, UINT64_MAX, 100, text, sizeof text, &length, &next) == 0 && next == 0);
}

static void ask_directory(tessera_directory directory) {
    tessera_file file = {0};
    tessera_directory sub = {0};
    EXPECT(tessera_directory_open(directory, "sub/b.txt", 9, TESSERA_CREATE_NEVER, false, &file) == 0);
    EXPECT(tessera_directory_directory(directory, "sub", 3, TESSERA_CREATE_NEVER, &sub) == 0);
    ask_file(directory, file);
    ask_list(directory);
    EXPECT(tessera_directory_metadata(directory, "", 0, true, text, sizeof text, &length) == 0);
    tessera_message message = tessera_message_of(text, length);
    EXPECT(tessera_metadata_kind(tessera_metadata_root(&message)) == TESSERA_KIND_DIRECTORY);
    EXPECT(tessera_directory_metadata(sub, "../a.txt", 8, true, text, sizeof text, &length) == TESSERA_STATUS_INVALID);
    tessera_file none = {0};
    EXPECT(tessera_directory_open(directory, "c.txt", 5, TESSERA_CREATE_NEVER, false, &none) ==
               TESSERA_STATUS_NOT_FOUND &&
           none.handle == 0);
    EXPECT(tessera_directory_open(directory, "c.txt", 5, TESSERA_CREATE_MISSING, false, &none) ==
           TESSERA_STATUS_READ_ONLY);
    EXPECT(tessera_directory_open(directory, "a.txt", 5, TESSERA_CREATE_NEW, false, &none) == TESSERA_STATUS_EXISTS);
    EXPECT(tessera_directory_open(directory, "a.txt", 5, TESSERA_CREATE_NEVER, true, &none) ==
           TESSERA_STATUS_READ_ONLY);
    EXPECT(tessera_directory_open(directory, "sub", 3, TESSERA_CREATE_NEVER, false, &none) ==
           TESSERA_STATUS_IS_DIRECTORY);
    EXPECT(tessera_directory_open(directory, "a.txt/b", 7, TESSERA_CREATE_NEVER, false, &none) ==
           TESSERA_STATUS_NOT_DIRECTORY);
    EXPECT(tessera_directory_open(directory, "/a.txt", 6, TESSERA_CREATE_NEVER, false, &none) ==
           TESSERA_STATUS_INVALID);
    EXPECT(tessera_directory_open(directory, "./a.txt", 7, TESSERA_CREATE_NEVER, false, &none) ==
           TESSERA_STATUS_INVALID);
    EXPECT(tessera_directory_open(sub, "../a.txt", 8, TESSERA_CREATE_NEVER, false, &none) == TESSERA_STATUS_INVALID);
    EXPECT(tessera_directory_open(directory, "a.txt", 5, (tessera_create)7, false, &none) == TESSERA_STATUS_MALFORMED);
    EXPECT(tessera_directory_open(directory, text, sizeof text, TESSERA_CREATE_NEVER, false, &none) ==
           TESSERA_STATUS_INVALID);
    EXPECT(tessera_directory_remove(directory, "a.txt", 5, TESSERA_KIND_FILE) == TESSERA_STATUS_READ_ONLY);
    EXPECT(tessera_directory_rename(directory, "a.txt", 5, directory, "z", 1, true) == TESSERA_STATUS_READ_ONLY);
    tessera_watch watch = {0};
    EXPECT(tessera_directory_watch(directory, "", 0, &watch) == TESSERA_STATUS_UNSUPPORTED && watch.handle == 0);
    tessera_directory_release(sub);
    EXPECT(tessera_directory_sync(sub) == TESSERA_STATUS_STALE);
    tessera_file_release(file);
}

int main(void) {
    const tessera_arguments arguments = ask_arguments();
    const tessera_console console = {granted(arguments, 0, TESSERA_CONSOLE_ID)};
    ask_console(console);
    ask_clock((tessera_clock){granted(arguments, 1, TESSERA_CLOCK_ID)}, console);
    ask_random((tessera_random){granted(arguments, 2, TESSERA_RANDOM_ID)});
    ask_directory((tessera_directory){granted(arguments, 3, TESSERA_DIRECTORY_ID)});
    tessera_arguments_release(arguments);
    printf("%u of %u wrong\n", wrong, asked);
    return wrong == 0 ? 0 : 1;
}
