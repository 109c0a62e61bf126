// An account book: lines of date, from, to, amount and a note.
#pragma once

#include "generator.h"

#include <chrono>
#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>

struct Entry {
    std::chrono::year_month_day date;
    std::string from;
    std::string to;
    std::int64_t cents = 0;
    std::string note;
};

// A line that can't be read as an entry.
class BadLine : public std::runtime_error {
  public:
    BadLine(int line, const std::string& problem) : std::runtime_error(problem), line_(line) {}
    int line() const { return line_; }

  private:
    int line_;
};

// One line; throws BadLine.
Entry parse_entry(const std::string& text, int line);

struct Line {
    int number;
    std::string text;
};

// The lines that are neither empty nor a comment, read as they are asked for.
Generator<Line> lines_of(std::istream& in);
