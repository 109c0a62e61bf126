// Ethernet, IPv4, UDP, TCP with options, ICMP and DNS names from a file of captured frames: each a 16-bit length and its bytes.
#include <tessera/console.h>
#include <tessera/file.h>
#include <stdio.h>
#include <string.h>

static tessera_cap consoles[0];
#define say(...) do { char line_[160]; int n_ = snprintf(line_, sizeof line_, __VA_ARGS__); tessera_console_write(tessera_table_get(consoles, 0), line_, (size_t)n_); } while (0)

static uint16_t get16(tessera_slice s, size_t at) { return __builtin_bswap16(tessera_slice_load16(s, at)); }
static uint32_t get32(tessera_slice s, size_t at) { return __builtin_bswap32(tessera_slice_load32(s, at)); }

// The Internet checksum of `length` bytes at `at`, added to `sum`.
static uint32_t add_up(tessera_slice s, size_t at, size_t length, uint32_t sum) {
    while (length > 1) {
        sum += get16(s, at);
        at += 2;
        length -= 2;
    }
    if (length == 1) sum += (uint32_t)tessera_slice_load8(s, at) << 8;
    return sum;
}
static uint16_t fold(uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

// A name of the message [message, end), with its pointers followed; 0 if it's malformed, else where it ends.
static size_t dns_name(tessera_slice s, size_t message, size_t end, size_t at, char* name, size_t room) {
    size_t used = 0, after = 0;
    for (int jumps = 0; jumps < 16;) {
        if (at >= end) return 0;
        const uint8_t label = tessera_slice_load8(s, at);
        if (label == 0) {
            name[used] = 0;
            return after != 0 ? after : at + 1;
        }
        if ((label & 0xc0) == 0xc0) {
            if (end - at < 2) return 0;
            if (after == 0) after = at + 2;
            at = message + (get16(s, at) & 0x3fff);
            ++jumps;
            continue;
        }
        if (label > 63 || end - at - 1 < label || used + label + 2 > room) return 0;
        for (size_t i = 0; i < label; ++i) name[used + i] = (char)tessera_slice_load8(s, at + 1 + i);
        used += label;
        name[used++] = '.';
        at += 1 + (size_t)label;
    }
    return 0;
}

static void dns(tessera_slice s, size_t at, size_t end) {
    if (end > tessera_slice_length(s) || at > end || end - at < 12) return;
    const unsigned questions = get16(s, at + 4), answers = get16(s, at + 6);
    size_t p = at + 12;
    char name[256];
    for (unsigned i = 0; i < questions + answers && i < 32; ++i) {
        p = dns_name(s, at, end, p, name, sizeof name);
        if (p == 0 || p > end) return;
        if (i < questions) {
            if (end - p < 4) return;
            say("  question %s type %u\n", name, get16(s, p));
            p += 4;
            continue;
        }
        if (end - p < 10) return;
        const unsigned type = get16(s, p), length = get16(s, p + 8);
        p += 10;
        if (end - p < length) return;
        if (type == 1 && length == 4) say("  %s is %08x\n", name, (unsigned)get32(s, p));
        p += length;
    }
}

static void tcp_options(tessera_slice s, size_t at, size_t end) {
    while (at < end) {
        const uint8_t kind = tessera_slice_load8(s, at);
        if (kind == 0) return;
        if (kind == 1) {
            at++;
            continue;
        }
        if (end - at < 2) return;
        const size_t length = tessera_slice_load8(s, at + 1);
        if (length < 2 || length > end - at) return;
        switch (kind) {
        case 2:
            if (length == 4) say("  segment %u\n", get16(s, at + 2));
            break;
        case 3:
            if (length == 3) say("  window shift %u\n", tessera_slice_load8(s, at + 2));
            break;
        case 8:
            if (length == 10) say("  time %u %u\n", (unsigned)get32(s, at + 2), (unsigned)get32(s, at + 6));
            break;
        default:
            break;
        }
        at += length;
    }
}

static void tcp(tessera_slice s, size_t at, size_t end, uint32_t pseudo) {
    if (end > tessera_slice_length(s) || at > end || end - at < 20) return;
    const size_t header = (size_t)(tessera_slice_load8(s, at + 12) >> 4) * 4;
    if (header < 20 || header > end - at) return;
    say(" tcp %u to %u seq %u flags %02x sum %04x\n", get16(s, at), get16(s, at + 2), (unsigned)get32(s, at + 4),
        tessera_slice_load8(s, at + 13), fold(add_up(s, at, end - at, pseudo)));
    tcp_options(s, at + 20, at + header);
}

static void udp(tessera_slice s, size_t at, size_t end, uint32_t pseudo) {
    if (end > tessera_slice_length(s) || at > end || end - at < 8) return;
    const unsigned from = get16(s, at), to = get16(s, at + 2);
    const size_t length = get16(s, at + 4);
    if (length < 8 || length > end - at) return;
    say(" udp %u to %u sum %04x\n", from, to, fold(add_up(s, at, length, pseudo)));
    if (from == 53 || to == 53) dns(s, at + 8, at + length);
}

static void ip(tessera_slice s, size_t at, size_t end) {
    if (end > tessera_slice_length(s) || at > end || end - at < 20) return;
    const unsigned version = tessera_slice_load8(s, at);
    const size_t header = (size_t)(version & 15) * 4, total = get16(s, at + 2);
    if (version >> 4 != 4 || header < 20 || total < header || total > end - at) return;
    say("ip %08x to %08x ttl %u sum %04x\n", (unsigned)get32(s, at + 12), (unsigned)get32(s, at + 16), tessera_slice_load8(s, at + 8),
        fold(add_up(s, at, header, 0)));
    const unsigned protocol = tessera_slice_load8(s, at + 9);
    const uint32_t pseudo = add_up(s, at + 12, 8, protocol + (uint32_t)(total - header));
    if (protocol == 6) tcp(s, at + header, at + total, pseudo);
    if (protocol == 17) udp(s, at + header, at + total, pseudo);
    if (protocol == 1 && total - header >= 8)
        say(" icmp %u %u id %u seq %u\n", tessera_slice_load8(s, at + header), tessera_slice_load8(s, at + header + 1),
            get16(s, at + header + 4), get16(s, at + header + 6));
}

static void ethernet(tessera_slice s, size_t at, size_t end) {
    if (end > tessera_slice_length(s) || at > end || end - at < 14) return;
    size_t payload = at + 14;
    unsigned type = get16(s, at + 12);
    if (type == 0x8100) {
        if (end - at < 18) return;
        say("vlan %u ", get16(s, at + 14) & 4095u);
        type = get16(s, at + 16);
        payload += 4;
    }
    if (type == 0x0800) ip(s, payload, end);
    if (type == 0x0806 && end - payload >= 28) say("arp %u asks for %08x\n", get16(s, payload + 6), (unsigned)get32(s, payload + 24));
}

int tessera_main(tessera_cap console, tessera_cap file) {
    tessera_table_grow(consoles, console, 1);
    const tessera_slice s = tessera_file_map(file);
    const size_t n = tessera_slice_length(s);
    size_t at = 0;
    while (n - at >= 2) {
        const size_t length = get16(s, at);
        at += 2;
        if (length > n - at) return 1;
        ethernet(s, at, at + length);
        at += length;
    }
    return at != n;
}
