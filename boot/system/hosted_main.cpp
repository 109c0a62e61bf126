// tessera-hosted BUNDLE [options] [-- arguments]: the kernel as a Linux process.
#include "boot/system/hosted_start.h"

int main(int argc, char** argv) { tessera::system::run_hosted(argc, argv); }
