/* CRC-32C (Castagnoli): the processor's instruction where it has one, eight tables where it has not.
 *
 * x86-64: SSE 4.2, asked for at run time. ARM64: when the compiler was told that the target has it (Apple's always
 * has; on Linux the kernel is asked at run time). Everything else: "slicing by 8" (Kounavis and Berry, 2005).
 */
#ifndef HEADWAY_CRC32C_H
#define HEADWAY_CRC32C_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if (defined(__x86_64__) || defined(_M_X64))
#define HEADWAY_CRC_X86 1
#include <nmmintrin.h>
#if defined(_MSC_VER)
#include <intrin.h>
#define HEADWAY_TARGET
#else
#define HEADWAY_TARGET __attribute__((target("sse4.2")))
#endif
#elif defined(__aarch64__) && (defined(__APPLE__) || defined(__linux__))
#define HEADWAY_CRC_ARM 1
#include <arm_acle.h>
#if defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#endif
#if defined(__clang__)
#define HEADWAY_TARGET __attribute__((target("crc")))
#else
#define HEADWAY_TARGET __attribute__((target("+crc")))
#endif
#endif

static uint32_t crc32c_table[8][256];
static int crc32c_hardware = 0;

static void crc32c_init(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++) c = (c >> 1) ^ (0x82F63B78u & (0u - (c & 1u)));
        crc32c_table[0][i] = c;
    }
    for (int t = 1; t < 8; t++)
        for (int i = 0; i < 256; i++)
            crc32c_table[t][i] = (crc32c_table[t - 1][i] >> 8) ^ crc32c_table[0][crc32c_table[t - 1][i] & 255];
#if defined(HEADWAY_CRC_X86)
#if defined(_MSC_VER)
    int registers[4];
    __cpuid(registers, 1);
    crc32c_hardware = (registers[2] >> 20) & 1;
#else
    __builtin_cpu_init();
    crc32c_hardware = __builtin_cpu_supports("sse4.2") ? 1 : 0;
#endif
#elif defined(HEADWAY_CRC_ARM)
#if defined(__linux__)
    crc32c_hardware = (getauxval(AT_HWCAP) & HWCAP_CRC32) ? 1 : 0;
#else
    crc32c_hardware = 1;
#endif
#endif
}

static uint32_t crc32c_by_table(const unsigned char *p, size_t n) {
    uint32_t c = 0xFFFFFFFFu;
    while (n >= 8) {
        /* byte by byte, so that it is right on either byte order */
        uint32_t low = c ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
        c = crc32c_table[7][low & 255] ^ crc32c_table[6][(low >> 8) & 255] ^ crc32c_table[5][(low >> 16) & 255] ^
            crc32c_table[4][low >> 24] ^ crc32c_table[3][p[4]] ^ crc32c_table[2][p[5]] ^ crc32c_table[1][p[6]] ^
            crc32c_table[0][p[7]];
        p += 8;
        n -= 8;
    }
    while (n--) c = (c >> 8) ^ crc32c_table[0][(c ^ *p++) & 255];
    return ~c;
}

#if defined(HEADWAY_CRC_X86)
HEADWAY_TARGET static uint32_t crc32c_by_hardware(const unsigned char *p, size_t n) {
    uint64_t c = 0xFFFFFFFFu, word;
    uint32_t half;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        c = _mm_crc32_u64(c, word);
    }
    uint32_t d = (uint32_t)c;
    if (n >= 4) {
        memcpy(&half, p, 4);
        d = _mm_crc32_u32(d, half);
        p += 4;
        n -= 4;
    }
    while (n--) d = _mm_crc32_u8(d, *p++);
    return ~d;
}
#elif defined(HEADWAY_CRC_ARM)
HEADWAY_TARGET static uint32_t crc32c_by_hardware(const unsigned char *p, size_t n) {
    uint32_t c = 0xFFFFFFFFu;
    uint64_t word;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        c = __crc32cd(c, word);
    }
    while (n--) c = __crc32cb(c, *p++);
    return ~c;
}
#else
static uint32_t crc32c_by_hardware(const unsigned char *p, size_t n) { return crc32c_by_table(p, n); }
#endif

static inline uint32_t crc32c(const unsigned char *p, size_t n) {
    return crc32c_hardware ? crc32c_by_hardware(p, n) : crc32c_by_table(p, n);
}

/* TFRecord's mask: a checksum of data that holds checksums would be weak. */
static inline uint32_t crc32c_masked(const unsigned char *p, size_t n) {
    uint32_t c = crc32c(p, n);
    return ((c >> 15) | (c << 17)) + 0xA282EAD8u;
}

#endif
