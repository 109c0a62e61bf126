// A module for Apache's server: where `SetHandler tessera` and `TesseraPlugin FILE.sir` are said, requests are answered
// by a verified program.
//
// Each of the server's processes has a kernel of its own, and an instance of each such program, which its threads call
// at once. A plug-in has no more time for a request than kAnswerTimeNs, and no more memory than kMemoryBytes; what it
// does wrong is an answer of 500 or 504, a line of
// the error log with the trace, and the end of its instance: the next request meets a new one.
#include "plugin.h"

// clang-format off: the server's own first
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <apr_file_io.h>
#include <apr_strings.h>
// clang-format on
#include <pthread.h>
#include <string.h>
#include <tessera.h>
#include <time.h>

enum { kMemoryBytes = 16 << 20, kAnswerTimeNs = 1000 * 1000 * 1000 };
static const uint64_t kStartTimeNs = 5000000000;

typedef struct {
    const char* file;
    tessera_module* module;
    pthread_rwlock_t lock;  // of what follows: for reading while it is called
    tessera_instance* instance;
    const tessera_method* answer;
} plugin;

AP_DECLARE_MODULE(verified);

// Read before the process has threads, and made when it has begun.
static apr_array_header_t* plugins;
static tessera_kernel* kernel;

// --- What plug-ins are lent: a request, for as long as it is answered.

static tessera_status request_header(void* state, const tessera_word* in, tessera_word* out) {
    const request_rec* request = state;
    const char* name = apr_pstrmemdup(request->pool, in[0].bytes, in[1].i64);
    const char* value = apr_table_get(request->headers_in, name);
    const size_t length = value == NULL ? 0 : strlen(value);
    out[0].i64 = value == NULL ? REQUEST_NO_HEADER : length;
    if (length <= in[3].i64) {
        memcpy(in[2].room, value, length);
    }
    return TESSERA_OK;
}

static const tessera_host_method kRequestMethods[] = {{"rw>il", request_header}};
static const tessera_interface kRequest = {REQUEST_INTERFACE, kRequestMethods, 1, NULL};

// --- Requests.

static void complain(server_rec* server, const char* what, const char* file, tessera_error* error) {
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, server, "tessera: %s %s: %s", what, file, tessera_error_text(error));
    tessera_error_free(error);
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int log_failure(request_rec* request, const plugin* asked, tessera_status status, tessera_error* error) {
    ap_log_rerror(APLOG_MARK,
                  APLOG_ERR,
                  0,
                  request,
                  "tessera: the plug-in %s failed (%d): %s",
                  asked->file,
                  status,
                  tessera_error_text(error));
    tessera_error_free(error);
    return status == TESSERA_TIMED_OUT ? HTTP_GATEWAY_TIME_OUT : HTTP_INTERNAL_SERVER_ERROR;
}

// What a plug-in has half done, or taken and not given back, goes with its instance.
static int begin_instance(server_rec* server, plugin* made) {
    const tessera_setup setup = {.memory_bytes = kMemoryBytes, .start_ns = kStartTimeNs};
    tessera_error* error = NULL;
    if (tessera_instance_new(made->module, &setup, &made->instance, &error) != TESSERA_OK) {
        complain(server, "can't start:", made->file, error);
        return 0;
    }
    if (tessera_instance_method(made->instance, PLUGIN_INTERFACE, 0, "crw>iil", &made->answer, &error) != TESSERA_OK) {
        complain(server, "no plug-in of this kind:", made->file, error);
        tessera_instance_free(made->instance);
        made->instance = NULL;
        return 0;
    }
    return 1;
}

static void begin_again(server_rec* server, plugin* failed, const tessera_instance* failed_instance) {
    pthread_rwlock_wrlock(&failed->lock);
    if (failed->instance == failed_instance) {  // and no other thread has done it
        tessera_instance_free(failed->instance);
        failed->instance = NULL;
        begin_instance(server, failed);
    }
    pthread_rwlock_unlock(&failed->lock);
}

static int answer_request(request_rec* request) {
    if (request->handler == NULL || strcmp(request->handler, "tessera") != 0) {
        return DECLINED;
    }
    plugin* const* of = ap_get_module_config(request->per_dir_config, &verified_module);
    plugin* asked = *of;
    if (asked == NULL || asked->module == NULL) {
        return HTTP_SERVICE_UNAVAILABLE;
    }
    tessera_error* error = NULL;
    tessera_object* object = NULL;
    tessera_status status = tessera_object_new(kernel, &kRequest, request, &object, &error);
    if (status != TESSERA_OK) {
        return log_failure(request, asked, status, error);
    }
    // The path and the room are this thread's own memory, which the plug-in sees until it returns.
    char body[PLUGIN_BODY_MAX];
    const tessera_word in[5] = {{.object = object},
                                {.bytes = request->uri},
                                {.i64 = strlen(request->uri)},
                                {.room = body},
                                {.i64 = sizeof body}};
    tessera_word out[2];
    pthread_rwlock_rdlock(&asked->lock);
    const tessera_instance* called = asked->instance;
    status = called == NULL ? TESSERA_ENDED : tessera_call(asked->answer, in, out, now_ns() + kAnswerTimeNs, &error);
    pthread_rwlock_unlock(&asked->lock);
    tessera_object_free(object);
    if (status != TESSERA_OK) {
        const int answer = log_failure(request, asked, status, error);
        begin_again(request->server, asked, called);
        return answer;
    }
    if (out[1].i64 > sizeof body || out[0].i32 < 200 || out[0].i32 > 599) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    request->status = (int)out[0].i32;
    ap_set_content_type(request, "text/plain");
    ap_set_content_length(request, (apr_off_t)out[1].i64);
    if (!request->header_only) {
        ap_rwrite(body, (int)out[1].i64, request);
    }
    return OK;
}

// --- A process's beginning and end.

static apr_status_t read_file(apr_pool_t* pool, const char* name, char** bytes, apr_size_t* length) {
    apr_file_t* file;
    apr_finfo_t info;
    apr_status_t status = apr_file_open(&file, name, APR_READ | APR_BINARY, APR_OS_DEFAULT, pool);
    if (status != APR_SUCCESS) {
        return status;
    }
    status = apr_file_info_get(&info, APR_FINFO_SIZE, file);
    if (status == APR_SUCCESS) {
        *bytes = apr_palloc(pool, (apr_size_t)info.size);
        status = apr_file_read_full(file, *bytes, (apr_size_t)info.size, length);
    }
    apr_file_close(file);
    return status;
}

// One that is no plug-in is answered for with 503.
static void begin_plugin(apr_pool_t* pool, server_rec* server, plugin* made) {
    char* bytes = NULL;
    apr_size_t length = 0;
    tessera_error* error = NULL;
    const apr_status_t read = read_file(pool, made->file, &bytes, &length);
    if (read != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, read, server, "tessera: %s can't be read", made->file);
        return;
    }
    if (tessera_module_load(kernel, bytes, length, "plug-in", &made->module, &error) != TESSERA_OK) {
        complain(server, "refused:", made->file, error);
        return;
    }
    if (tessera_module_optimize(made->module, bytes, length, &error) != TESSERA_OK) {
        complain(server, "not optimised:", made->file, error);  // and slower
    }
    if (!begin_instance(server, made)) {
        tessera_module_unload(made->module);
        made->module = NULL;
    }
}

static apr_status_t end_process(void* pointer) {
    server_rec* server = pointer;
    for (int i = 0; i < plugins->nelts; ++i) {
        plugin* made = APR_ARRAY_IDX(plugins, i, plugin*);
        tessera_instance_free(made->instance);
        tessera_module_unload(made->module);
    }
    tessera_error* error = NULL;
    if (tessera_kernel_stop(kernel, &error) != TESSERA_OK) {
        complain(server, "not stopped", "", error);
    } else {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, server, "tessera: everything was given back");
    }
    return APR_SUCCESS;
}

static void begin_process(apr_pool_t* pool, server_rec* server) {
    tessera_error* error = NULL;
    if (plugins->nelts == 0) {
        return;
    }
    if (tessera_kernel_start(NULL, &kernel, &error) != TESSERA_OK) {
        complain(server, "no kernel", "", error);
        return;
    }
    for (int i = 0; i < plugins->nelts; ++i) {
        begin_plugin(pool, server, APR_ARRAY_IDX(plugins, i, plugin*));
    }
    apr_pool_cleanup_register(pool, server, end_process, apr_pool_cleanup_null);
}

// --- Configuration. The server reads it twice when it starts.

static int forget_plugins(apr_pool_t* config, apr_pool_t* log, apr_pool_t* temporary) {
    (void)log;
    (void)temporary;
    plugins = apr_array_make(config, 4, sizeof(plugin*));
    return OK;
}

static void* create_directory(apr_pool_t* pool, char* path) {
    (void)path;
    return apr_pcalloc(pool, sizeof(plugin*));
}

static void* merge_directories(apr_pool_t* pool, void* outer, void* inner) {
    plugin** merged = apr_pcalloc(pool, sizeof(plugin*));
    *merged = *(plugin**)inner != NULL ? *(plugin**)inner : *(plugin**)outer;
    return merged;
}

static const char* set_plugin(cmd_parms* command, void* directory, const char* file) {
    plugin* made = apr_pcalloc(command->pool, sizeof *made);
    made->file = ap_server_root_relative(command->pool, file);
    pthread_rwlock_init(&made->lock, NULL);
    APR_ARRAY_PUSH(plugins, plugin*) = made;
    *(plugin**)directory = made;
    return made->file == NULL ? "is no path" : NULL;
}

static const command_rec kCommands[] = {
    AP_INIT_TAKE1("TesseraPlugin", set_plugin, NULL, ACCESS_CONF, "the verified program that answers requests"),
    {NULL}};

static void register_hooks(apr_pool_t* pool) {
    (void)pool;
    ap_hook_pre_config(forget_plugins, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(begin_process, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(answer_request, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA verified_module = {
    STANDARD20_MODULE_STUFF, create_directory, merge_directories, NULL, NULL, kCommands, register_hooks};
