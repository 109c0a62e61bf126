// Balances of the books named on the command line, by account and by month.
#include "book.h"

#include <algorithm>
#include <format>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>
#include <ranges>
#include <vector>

namespace {

struct Balance {
    std::int64_t in = 0;
    std::int64_t out = 0;
};

std::string money(std::int64_t cents) {
    return std::format("{}{}.{:02}", cents < 0 ? "-" : "", std::abs(cents) / 100, std::abs(cents) % 100);
}

struct Book {
    std::vector<Entry> entries;
    std::vector<std::string> problems;
};

Book read_book(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("can't be opened");
    }
    Book book;
    for (const Line& line : lines_of(file)) {
        try {
            book.entries.push_back(parse_entry(line.text, line.number));
        } catch (const BadLine& problem) {
            book.problems.push_back(std::format("line {}: {}", problem.line(), problem.what()));
        }
    }
    return book;
}

void report(const Book& book) {
    std::map<std::string, Balance> accounts;
    std::map<std::chrono::year_month, std::int64_t> spent;
    for (const Entry& entry : book.entries) {
        accounts[entry.from].out += entry.cents;
        accounts[entry.to].in += entry.cents;
        if (!entry.from.starts_with("income:")) {
            spent[entry.date.year() / entry.date.month()] += entry.cents;
        }
    }
    for (const auto& [name, balance] : accounts) {
        std::cout << std::format("  {:<14}{:>10} in {:>10} out {:>10}\n",
                                 name,
                                 money(balance.in),
                                 money(balance.out),
                                 money(balance.in - balance.out));
    }
    for (const auto& [month, cents] : spent) {
        std::cout << std::format("  moved in {}-{:02}: {}\n",
                                 static_cast<int>(month.year()),
                                 static_cast<unsigned>(month.month()),
                                 money(cents));
    }
    const auto largest = std::ranges::max_element(book.entries, {}, &Entry::cents);
    if (largest != book.entries.end()) {
        std::cout << std::format("  largest: {} ({})\n", money(largest->cents), largest->note);
    }
}

}  // namespace

int main(int argc, char** argv) {
    int unreadable = 0;
    for (const std::string path : std::vector<std::string>(argv + 1, argv + argc)) {
        std::cout << path << '\n';
        try {
            const Book book = read_book(path);
            report(book);
            for (const std::string& problem : book.problems) {
                std::cout << "  " << problem << '\n';
            }
        } catch (const std::exception& problem) {
            std::cout << "  " << problem.what() << '\n';
            ++unreadable;
        }
    }
    return unreadable == 1 ? 0 : 1;
}
