// What SQLite asks of an operating system it does not know (SQLITE_OS_OTHER): time and randomness. There is no file that
// a database could be kept in, so opening one fails; databases in memory need none.
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sqlite3.h"

static int refuse_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    (void)vfs, (void)name, (void)flags, (void)flags_out;
    file->pMethods = NULL;
    return SQLITE_CANTOPEN;
}

static int remove_file(sqlite3_vfs* vfs, const char* name, int sync) {
    (void)vfs, (void)name, (void)sync;
    return SQLITE_IOERR_DELETE_NOENT;
}

static int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    (void)vfs, (void)name, (void)flags;
    *result = 0;
    return SQLITE_OK;
}

static int full_name(sqlite3_vfs* vfs, const char* name, int room, char* full) {
    (void)vfs;
    if (strlen(name) >= (size_t)room) {
        return SQLITE_CANTOPEN;
    }
    strcpy(full, name);
    return SQLITE_OK;
}

static int randomness(sqlite3_vfs* vfs, int count, char* bytes) {
    (void)vfs;
    for (int done = 0; done < count; done += 256) {  // as much as one call gives
        if (getentropy(bytes + done, (size_t)(count - done < 256 ? count - done : 256)) != 0) {
            return done;
        }
    }
    return count;
}

static int sleep_for(sqlite3_vfs* vfs, int microseconds) {
    (void)vfs;
    usleep((useconds_t)microseconds);
    return microseconds;
}

// Milliseconds since noon of 24 November 4714 BC, SQLite's beginning of time.
static int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* milliseconds) {
    (void)vfs;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return SQLITE_ERROR;
    }
    *milliseconds = 24405875 * (sqlite3_int64)8640000 + (sqlite3_int64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return SQLITE_OK;
}

static int current_time(sqlite3_vfs* vfs, double* days) {
    sqlite3_int64 milliseconds = 0;
    const int status = current_time_ms(vfs, &milliseconds);
    *days = (double)milliseconds / 86400000.0;
    return status;
}

int sqlite3_os_init(void) {
    static sqlite3_vfs vfs = {
        .iVersion = 2,
        .szOsFile = sizeof(sqlite3_file),
        .mxPathname = 512,
        .zName = "tessera",
        .xOpen = refuse_open,
        .xDelete = remove_file,
        .xAccess = access_file,
        .xFullPathname = full_name,
        .xRandomness = randomness,
        .xSleep = sleep_for,
        .xCurrentTime = current_time,
        .xCurrentTimeInt64 = current_time_ms,
    };
    return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void) { return SQLITE_OK; }
