// There is no network: a program that wants one is told so at run time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int h_errno;
int* __h_errno_location(void) { return &h_errno; }

static int refuse(int error) {
    errno = error;
    return -1;
}
// Of what can't be a socket.
static int no_socket(int file) { return refuse(lseek(file, 0, SEEK_CUR) < 0 && errno == EBADF ? EBADF : ENOTSOCK); }

int socket(int family, int kind, int protocol) {
    (void)family, (void)kind, (void)protocol;
    return refuse(EAFNOSUPPORT);
}
int socketpair(int family, int kind, int protocol, int pair[2]) {
    (void)family, (void)kind, (void)protocol, (void)pair;
    return refuse(EAFNOSUPPORT);
}
int bind(int file, const struct sockaddr* address, socklen_t bytes) {
    (void)address, (void)bytes;
    return no_socket(file);
}
int connect(int file, const struct sockaddr* address, socklen_t bytes) {
    (void)address, (void)bytes;
    return no_socket(file);
}
int listen(int file, int waiting) {
    (void)waiting;
    return no_socket(file);
}
int getsockname(int file, struct sockaddr* restrict address, socklen_t* restrict bytes) {
    (void)address, (void)bytes;
    return no_socket(file);
}
int getpeername(int file, struct sockaddr* restrict address, socklen_t* restrict bytes) {
    (void)address, (void)bytes;
    return no_socket(file);
}
ssize_t sendto(int file, const void* data, size_t length, int flags, const struct sockaddr* address, socklen_t bytes) {
    (void)data, (void)length, (void)flags, (void)address, (void)bytes;
    return no_socket(file);
}
ssize_t recvfrom(int file,
                 void* restrict data,
                 size_t length,
                 int flags,
                 struct sockaddr* restrict address,
                 socklen_t* restrict bytes) {
    (void)data, (void)length, (void)flags, (void)address, (void)bytes;
    return no_socket(file);
}
ssize_t sendmsg(int file, const struct msghdr* message, int flags) {
    (void)message, (void)flags;
    return no_socket(file);
}
ssize_t recvmsg(int file, struct msghdr* message, int flags) {
    (void)message, (void)flags;
    return no_socket(file);
}
int setsockopt(int file, int level, int option, const void* value, socklen_t bytes) {
    (void)level, (void)option, (void)value, (void)bytes;
    return no_socket(file);
}
int sockatmark(int file) { return no_socket(file); }

// Names: there is nobody to ask.
int getaddrinfo(const char* restrict node,
                const char* restrict service,
                const struct addrinfo* restrict wanted,
                struct addrinfo** restrict found) {
    (void)node, (void)service, (void)wanted, (void)found;
    return EAI_FAIL;
}
void freeaddrinfo(struct addrinfo* list) { (void)list; }
int getnameinfo(const struct sockaddr* restrict address,
                socklen_t bytes,
                char* restrict node,
                socklen_t node_room,
                char* restrict service,
                socklen_t service_room,
                int flags) {
    (void)address, (void)bytes, (void)node, (void)node_room, (void)service, (void)service_room, (void)flags;
    return EAI_FAIL;
}
const char* gai_strerror(int error) { return error == 0 ? "Success" : "Non-recoverable failure in name resolution"; }
struct hostent* gethostbyname(const char* name) {
    (void)name;
    h_errno = NO_RECOVERY;
    return NULL;
}
struct hostent* gethostbyname2(const char* name, int family) {
    (void)family;
    return gethostbyname(name);
}
struct hostent* gethostbyaddr(const void* address, socklen_t bytes, int family) {
    (void)address, (void)bytes, (void)family;
    return gethostbyname(NULL);
}
const char* hstrerror(int error) { return error == 0 ? "Success" : "Non-recoverable error"; }
void herror(const char* text) { fprintf(stderr, "%s: %s\n", text, hstrerror(h_errno)); }
struct servent* getservbyname(const char* name, const char* protocol) {
    (void)name, (void)protocol;
    return NULL;
}
struct servent* getservbyport(int port, const char* protocol) {
    (void)port, (void)protocol;
    return NULL;
}
struct protoent* getprotobyname(const char* name) {
    (void)name;
    return NULL;
}
struct protoent* getprotobynumber(int number) {
    (void)number;
    return NULL;
}
unsigned if_nametoindex(const char* name) {
    (void)name;
    errno = ENODEV;
    return 0;
}
char* if_indextoname(unsigned index, char* name) {
    (void)index, (void)name;
    errno = ENXIO;
    return NULL;
}

in_addr_t inet_addr(const char* text) {
    struct in_addr address;
    return inet_aton(text, &address) ? address.s_addr : (in_addr_t)-1;
}
char* inet_ntoa(struct in_addr address) {
    static char text[INET_ADDRSTRLEN];
    return (char*)inet_ntop(AF_INET, &address, text, sizeof text);
}
