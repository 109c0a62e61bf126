// No terminal can be set or asked: what a person types and sees goes through the console.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int refuse(int file) {
    errno = isatty(file) || errno != EBADF ? ENOTTY : EBADF;
    return -1;
}

int tcgetattr(int file, struct termios* attributes) {
    (void)attributes;
    return refuse(file);
}
int tcsetattr(int file, int when, const struct termios* attributes) {
    (void)when, (void)attributes;
    return refuse(file);
}
int tcdrain(int file) { return refuse(file); }
int tcflow(int file, int action) {
    (void)action;
    return refuse(file);
}
int tcflush(int file, int queue) {
    (void)queue;
    return refuse(file);
}
int tcsendbreak(int file, int time) {
    (void)time;
    return refuse(file);
}
pid_t tcgetpgrp(int file) { return refuse(file); }
int tcsetpgrp(int file, pid_t group) {
    (void)group;
    return refuse(file);
}
pid_t tcgetsid(int file) { return refuse(file); }

speed_t cfgetospeed(const struct termios* attributes) { return attributes->c_cflag & CBAUD; }
speed_t cfgetispeed(const struct termios* attributes) { return cfgetospeed(attributes); }
int cfsetospeed(struct termios* attributes, speed_t speed) {
    if ((speed & ~(speed_t)CBAUD) != 0) {
        errno = EINVAL;
        return -1;
    }
    attributes->c_cflag = (attributes->c_cflag & ~(tcflag_t)CBAUD) | speed;
    return 0;
}
int cfsetispeed(struct termios* attributes, speed_t speed) { return speed == 0 ? 0 : cfsetospeed(attributes, speed); }
int cfsetspeed(struct termios* attributes, speed_t speed) { return cfsetospeed(attributes, speed); }
void cfmakeraw(struct termios* to) {
    to->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    to->c_oflag &= ~(tcflag_t)OPOST;
    to->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    to->c_cflag = (to->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    to->c_cc[VMIN] = 1;
    to->c_cc[VTIME] = 0;
}

char* ttyname(int file) {
    (void)refuse(file);
    return NULL;
}
int ttyname_r(int file, char* name, size_t room) {
    (void)name, (void)room;
    (void)refuse(file);
    return errno;
}
char* ctermid(char* name) {
    static char empty[1];
    return name != NULL ? strcpy(name, "") : empty;
}

int posix_openpt(int flags) {
    (void)flags;
    errno = ENOSYS;
    return -1;
}
int grantpt(int file) { return refuse(file); }
int unlockpt(int file) { return refuse(file); }
char* ptsname(int file) {
    (void)refuse(file);
    return NULL;
}
