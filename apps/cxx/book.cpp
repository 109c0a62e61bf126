#include "book.h"

#include <charconv>
#include <format>
#include <sstream>
#include <string_view>

namespace {

int whole_number(std::string_view text, int line, const char* what) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) {
        throw BadLine(line, std::format("\"{}\" is no {}", text, what));
    }
    return value;
}

std::chrono::year_month_day parse_date(std::string_view text, int line) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        throw BadLine(line, std::format("\"{}\" is no date like 2024-12-31", text));
    }
    const std::chrono::year_month_day date(
        std::chrono::year(whole_number(text.substr(0, 4), line, "year")),
        std::chrono::month(static_cast<unsigned>(whole_number(text.substr(5, 2), line, "month"))),
        std::chrono::day(static_cast<unsigned>(whole_number(text.substr(8, 2), line, "day"))));
    if (!date.ok()) {
        throw BadLine(line, std::format("there is no day {}", text));
    }
    return date;
}

std::int64_t parse_cents(std::string_view text, int line) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || text.size() != dot + 3) {
        throw BadLine(line, std::format("\"{}\" is no amount like 12.50", text));
    }
    return std::int64_t{whole_number(text.substr(0, dot), line, "amount")} * 100 +
           whole_number(text.substr(dot + 1), line, "amount");
}

}  // namespace

Entry parse_entry(const std::string& text, int line) {
    std::istringstream words(text);
    std::string date;
    std::string amount;
    Entry entry;
    if (!(words >> date >> entry.from >> entry.to >> amount)) {
        throw BadLine(line, "expected date, from, to and amount");
    }
    std::getline(words >> std::ws, entry.note);
    entry.date = parse_date(date, line);
    entry.cents = parse_cents(amount, line);
    if (entry.from == entry.to) {
        throw BadLine(line, std::format("{} pays itself", entry.from));
    }
    return entry;
}

Generator<Line> lines_of(std::istream& in) {
    Line line{0, ""};
    while (std::getline(in, line.text)) {
        ++line.number;
        if (!line.text.empty() && !line.text.starts_with('#')) {
            co_yield line;
        }
    }
}
