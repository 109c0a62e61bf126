// Debian's luaconf.h includes this; its packaging makes it from the machine's name.
#define DEB_HOST_MULTIARCH "tessera"
