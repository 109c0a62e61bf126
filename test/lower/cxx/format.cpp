// <format> and <print>, which libstdc++ 12 does not have: what they print is in format.expected.
// options: -std=c++23
#include <expected>
#include <format>
#include <mdspan>
#include <print>
#include <string>
#include <vector>

struct Point {
    int x, y;
};
template <>
struct std::formatter<Point> {
    constexpr auto parse(std::format_parse_context& context) { return context.begin(); }
    auto format(const Point& p, std::format_context& context) const {
        return std::format_to(context.out(), "<{}|{}>", p.x, p.y);
    }
};

static std::expected<int, std::string> halve(int n) {
    if (n % 2 != 0) {
        return std::unexpected("odd");
    }
    return n / 2;
}

int main() {
    std::println(
        "{} {:>6} {:<6}| {:^7} {:#x} {:08.3f} {:+} {:e}", 42, "right", "left", "mid", 255, 3.14159, 7, 12345.678);
    std::println("{1} {0} {{}} {2:?} {3} {4}", "a", 'b', "q\"", true, Point{3, 4});
    std::println("{}", std::vector<int>{1, 2, 3});
    const std::string text = std::format("{:*^{}}", "x", 9);
    std::print("{} {}\n", text, text.size());
    std::println("{} {}", halve(8).value(), halve(7).error());
    try {
        (void)std::vformat("{:d}", std::make_format_args("text"));
    } catch (const std::format_error&) {
        std::println("format error");
    }
    int cells[6] = {1, 2, 3, 4, 5, 6};
    std::mdspan table(cells, 2, 3);
    std::println("{} {}", table[1, 2], table.extent(0));
}
