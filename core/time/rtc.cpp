#include "core/time/rtc.h"

#include "core/arch/instructions.h"

namespace tessera::time {

namespace {

constexpr std::uint8_t kStatusA = 0x0a;
constexpr std::uint8_t kStatusB = 0x0b;
constexpr std::uint8_t kUpdating = 0x80;
constexpr std::uint8_t kBinary = 0x04;
constexpr std::uint8_t k24Hours = 0x02;
constexpr unsigned kTriesMax = 100'000;

std::uint8_t read_register(std::uint8_t index) {
    arch::out8(0x70, index);
    return arch::in8(0x71);
}

struct Fields {
    std::uint8_t second, minute, hour, day, month, year;
    bool operator==(const Fields&) const = default;
};

Fields read_fields() {
    for (unsigned i = 0; i < kTriesMax && (read_register(kStatusA) & kUpdating) != 0; ++i) {
        arch::relax();
    }
    return {read_register(0), read_register(2), read_register(4), read_register(7), read_register(8), read_register(9)};
}

constexpr std::uint8_t from_bcd(std::uint8_t value) {
    return static_cast<std::uint8_t>((value >> 4) * 10 + (value & 15));
}

// Days since 1970 of a date of the Gregorian calendar. [howard hinnant, days_from_civil]
std::uint64_t days_of(std::uint64_t year, std::uint64_t month, std::uint64_t day) {
    year -= month <= 2 ? 1 : 0;
    const std::uint64_t era = year / 400;
    const std::uint64_t year_of_era = year - era * 400;
    const std::uint64_t day_of_year = (153 * (month + (month > 2 ? -3ULL : 9)) + 2) / 5 + day - 1;
    const std::uint64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

}  // namespace

std::uint64_t read_rtc() {
    // The clock may tick between two registers: read until two readings agree.
    Fields fields = read_fields();
    for (unsigned i = 0; i < 10; ++i) {
        const Fields again = read_fields();
        if (again == fields) {
            break;
        }
        fields = again;
    }
    const std::uint8_t mode = read_register(kStatusB);
    const bool afternoon = (fields.hour & 0x80) != 0;
    fields.hour &= 0x7f;
    if ((mode & kBinary) == 0) {
        fields = {from_bcd(fields.second),
                  from_bcd(fields.minute),
                  from_bcd(fields.hour),
                  from_bcd(fields.day),
                  from_bcd(fields.month),
                  from_bcd(fields.year)};
    }
    if ((mode & k24Hours) == 0) {
        fields.hour = static_cast<std::uint8_t>(fields.hour % 12 + (afternoon ? 12 : 0));
    }
    if (fields.month < 1 || fields.month > 12 || fields.day < 1 || fields.day > 31) {
        return 0;
    }
    const std::uint64_t days = days_of(2000ULL + fields.year, fields.month, fields.day);
    return ((days * 24 + fields.hour) * 60 + fields.minute) * 60 + fields.second;
}

}  // namespace tessera::time
