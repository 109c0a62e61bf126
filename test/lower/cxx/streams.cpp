// Streams to and from the console and strings, manipulators, locales' C facets, chrono, regex.
#include <chrono>
#include <complex>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <limits>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

struct Point {
    int x, y;
    friend std::ostream& operator<<(std::ostream& out, const Point& p) {
        return out << '(' << p.x << ", " << p.y << ')';
    }
    friend std::istream& operator>>(std::istream& in, Point& p) {
        char c = 0;
        return in >> c >> p.x >> c >> p.y >> c;
    }
};

int main() {
    std::ios::sync_with_stdio(true);
    std::cout << "text " << 42 << ' ' << -7L << ' ' << 3.25 << ' ' << true << ' ' << std::boolalpha << false << '\n';
    std::cout << std::hex << std::showbase << 255 << ' ' << std::oct << 8 << std::dec << ' ' << std::setw(8)
              << std::setfill('.') << 12 << std::left << std::setw(6) << 3 << "|\n";
    std::cout << std::fixed << std::setprecision(3) << 3.14159265 << ' ' << std::scientific << 12345.678 << ' '
              << std::defaultfloat << 1e100 << ' ' << 0.1 + 0.2 << '\n';
    std::cout << Point{3, -4} << ' ' << std::complex<double>(1, 2) << ' ' << std::quoted("a \"b\"") << std::endl;

    std::istringstream in("17 3.5 word (5, 6) rest of the line\nsecond line\n");
    int i = 0;
    double d = 0;
    std::string word, line;
    Point p{};
    in >> i >> d >> word >> p;
    std::getline(in, line);
    std::cout << i + 1 << ' ' << d * 2 << ' ' << word << ' ' << p << " [" << line << "]\n";
    std::getline(in, line);
    std::cout << line << ' ' << in.eof() << ' ' << static_cast<bool>(std::getline(in, line)) << '\n';
    std::istringstream bad("x");
    bad >> i;
    std::cout << i << ' ' << bad.fail() << '\n';
    bad.clear();
    bad.exceptions(std::ios::failbit);
    try {
        bad >> i;
    } catch (const std::ios_base::failure&) {
        std::cout << "failure\n";
    }
    std::ostringstream out;
    std::vector<int> v{1, 2, 3};
    std::copy(v.begin(), v.end(), std::ostream_iterator<int>(out, ","));
    std::cout << out.str() << out.str().size() << '\n';
    std::istringstream numbers("4 5 6");
    std::vector<int> read{std::istream_iterator<int>(numbers), {}};
    std::cout << read.size() << ' ' << std::numeric_limits<int>::max() << '\n';
    std::stringstream both;
    both << 0x1f << ' ' << 2.5;
    both >> std::hex >> i >> d;
    std::cout << i << ' ' << d << '\n';

    std::regex pattern(R"((\w+)@(\w+)\.org)");
    const std::string mail = "write to ann@site.org or bob@place.org";
    for (std::sregex_iterator at(mail.begin(), mail.end(), pattern), end; at != end; ++at) {
        std::cout << (*at)[1] << " at " << (*at)[2] << "; ";
    }
    std::cout << std::regex_replace(mail, pattern, "<$1>") << '\n';
    try {
        std::regex broken("(");
    } catch (const std::regex_error& e) {
        std::cout << "regex " << (e.code() == std::regex_constants::error_paren) << '\n';
    }
    using namespace std::chrono;
    const auto time = hours(1) + minutes(2) + seconds(3);
    std::cout << time.count() << ' ' << duration_cast<milliseconds>(time).count() << '\n';
    const auto start = steady_clock::now();
    std::cout << (steady_clock::now() >= start) << (system_clock::now().time_since_epoch().count() > 0) << '\n';
    const year_month_day day = sys_days(year(2024) / 2 / 28) + days(2);
    std::cout << static_cast<int>(day.year()) << '-' << static_cast<unsigned>(day.month()) << '-'
              << static_cast<unsigned>(day.day()) << '\n';
    std::wostringstream wide;
    wide << L"wide " << 5;
    std::cout << wide.str().size() << '\n';
    std::cout.flush();  // which of the two streams comes first is not what this is about
    std::clog << "to standard error " << 1 << std::endl;
    std::string from_input;
    std::cin >> from_input;
    std::cout << from_input << ' ' << std::cin.eof() << '\n';
}
