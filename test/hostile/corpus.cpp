#include "test/hostile/corpus.h"

#include "safeir/inspect/assembly.h"
#include "safeir/read/read_program.h"
#include "safeir/recheck/recheck_module.h"
#include "test/hostile/proof_text.h"
#include "test/hostile/wire_text.h"

#include "llvm/IR/Module.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>

namespace tessera::hostile {
namespace {

namespace fs = std::filesystem;

// The rest of the line that begins with `key`.
std::string header_line(std::string_view text, std::string_view key) {
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = text.substr(at + key.size());
    return std::string(rest.substr(0, rest.find('\n')));
}

Result<Case> load_case(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    Case each;
    each.text.assign(std::istreambuf_iterator<char>(in), {});
    each.name = path.parent_path().filename().string() + "/" + path.stem().string();
    const std::string refuse = header_line(each.text, "; refuse: ");
    const std::string accept = header_line(each.text, "; accept: ");
    const std::string form = header_line(each.text, "; form: ");
    const bool is_refused = each.name.starts_with("refuse/");
    if ((is_refused ? refuse : accept).empty() || (is_refused && !refuse.starts_with("SIR"))) {
        return fail(Blame::Caller, fmt::format("{} doesn't say what is expected of it", each.name));
    }
    each.rule = refuse.substr(0, 6);
    each.why = is_refused ? refuse.substr(std::min<std::size_t>(refuse.size(), 7)) : accept;
    if (const std::string limit = header_line(each.text, "; limit: "); !limit.empty()) {
        const auto space = limit.find(' ');
        const auto most = static_cast<std::uint32_t>(std::strtoul(limit.c_str() + space, nullptr, 10));
        if (limit.starts_with("function_instructions ")) {
            each.limits.function_instructions = most;
        } else if (limit.starts_with("file_bytes ")) {
            each.limits.file_bytes = most;
        } else if (limit.starts_with("instructions ")) {
            each.limits.instructions = most;
        } else {
            return fail(Blame::Caller, fmt::format("{} names no limit that tests may lower", each.name));
        }
        each.has_own_limit = true;
    }
    for (std::size_t at = 0; (at = each.text.find("; proof: ", at)) != std::string::npos; ++at) {
        each.proof += header_line(std::string_view(each.text).substr(at), "; proof: ") + " ";
    }
    if (form == "checked") {
        each.form = Form::Checked;
    } else if (form == "text") {
        each.form = Form::Text;
    } else if (form != "wire") {
        return fail(Blame::Caller, fmt::format("{} is of no known form", each.name));
    }
    return each;
}

}  // namespace

Result<std::vector<Case>> load_corpus(const std::string& folder) {
    std::vector<Case> cases;
    for (const char* part : {"refuse", "accept"}) {
        std::error_code problem;
        for (const auto& entry : fs::directory_iterator(fs::path(folder) / part, problem)) {
            TRY_TO(Case each, load_case(entry.path()));
            cases.push_back(std::move(each));
        }
        if (problem) {
            return fail(Blame::Caller, fmt::format("{}/{}: {}", folder, part, problem.message()));
        }
    }
    std::ranges::sort(cases, {}, &Case::name);
    return cases;
}

Result<std::vector<std::byte>> sir_of(const Case& each) {
    return each.form == Form::Text ? wire_from_text(each.text) : safeir::assemble(each.text, each.name);
}

Result<Verdict> judge(const Case& each) {
    if (each.form == Form::Checked) {
        std::vector<std::byte> own;
        std::string problem;
        const auto use_own_proof = [&](llvm::Module& module, safeir::Proofs& proofs) {
            llvm::Function* function = each.proof.empty() ? nullptr : module.getFunction("f");
            if (function == nullptr) {
                return;
            }
            auto bytes = proof_from_text(each.proof, *function);
            problem = bytes ? "" : bytes.error().text;
            own = bytes ? std::move(*bytes) : own;
            proofs[function] = own;
        };
        TRY_TO(const std::optional<safeir::Refusal> refusal,
               safeir::check_assembly(each.text, each.name, use_own_proof));
        if (!problem.empty()) {
            return fail(Blame::Caller, fmt::format("{}: {}", each.name, problem));
        }
        return refusal ? Verdict{refusal->rule, refusal->text()} : Verdict{};
    }
    TRY_TO(const std::vector<std::byte> sir, sir_of(each));
    const auto checked = safeir::check_program(sir, each.limits);
    if (!checked) {
        return Verdict{checked.error().text.substr(0, 6), checked.error().text};
    }
    // What the reader makes is what somebody who doesn't know it would take. If not, no case wants that: the kernel has
    // accepted it.
    const auto read = safeir::read_program(sir, each.limits);
    const auto refusal = read ? safeir::recheck_program(*read, each.limits) : std::nullopt;
    return refusal ? Verdict{"accepted", "the reader made it: " + refusal->text()} : Verdict{};
}

}  // namespace tessera::hostile
