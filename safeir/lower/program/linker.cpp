#include "safeir/lower/program/linker.h"

#include "safeir/lower/base/imports.h"
#include "safeir/lower/unit/retarget.h"
#include "safeir/lower/unit/rust_module.h"
#include "safeir/lower/unit/unit.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>

namespace tessera::lower {

namespace {

constexpr llvm::StringLiteral kWasiModule = "wasi_snapshot_preview1";

// LLVM reports a symbol defined twice through the context, and would end the process.
class LinkMessages : public llvm::DiagnosticHandler {
  public:
    explicit LinkMessages(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}
    bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
        std::string text;
        llvm::raw_string_ostream stream(text);
        llvm::DiagnosticPrinterRawOStream printer(stream);
        info.print(printer);
        if (info.getSeverity() == llvm::DS_Error) {
            diagnostics_.error(text);
        }
        return true;
    }

  private:
    Diagnostics& diagnostics_;
};

// One archive, with the members that its symbol table names.
struct OpenArchive {
    std::unique_ptr<llvm::MemoryBuffer> bytes;
    std::unique_ptr<llvm::object::Archive> archive;
    std::map<std::string, llvm::object::Archive::Child> symbols;
    std::set<std::uint64_t> taken;
};

class Links {
  public:
    Links(llvm::LLVMContext& context,
          OptimiseOptions options,
          bool keeps_wasi,
          Progress progress,
          Diagnostics& diagnostics)
        : program_(std::make_unique<llvm::Module>("program", context)), linker_(*program_), context_(context),
          options_(options), keeps_wasi_(keeps_wasi), progress_(progress), diagnostics_(diagnostics) {}

    void add(std::unique_ptr<llvm::Module> module) {
        if (module == nullptr || !prepare_unit(*module, options_, diagnostics_)) {
            return;
        }
        if (program_->getTargetTriple().empty()) {
            program_->setTargetTriple(module->getTargetTriple());
            program_->setDataLayout(module->getDataLayout());
        }
        if (is_wide(*program_) != is_wide(*module)) {
            diagnostics_.error(module->getModuleIdentifier() + ": has " + (is_wide(*module) ? "64" : "32") +
                               "-bit pointers (as " + (is_wide(*module) ? "Rust" : "C") +
                               " has), and the program it goes into has not");
            return;
        }
        if (linker_.linkInModule(std::move(module)) && !diagnostics_.failed()) {
            diagnostics_.error("linking failed");
        }
    }

    void add_object(const std::string& path) {
        progress_(path.c_str());
        add(read_module(path, context_, diagnostics_));
    }

    void open_archive(const std::string& path) {
        progress_(path.c_str());
        auto bytes = llvm::MemoryBuffer::getFile(path);
        if (!bytes) {
            diagnostics_.error(path + ": " + bytes.getError().message());
            return;
        }
        auto archive = llvm::object::Archive::create(bytes.get()->getMemBufferRef());
        if (!archive) {
            diagnostics_.error(path + ": not an archive: " + llvm::toString(archive.takeError()));
            return;
        }
        OpenArchive open{std::move(bytes.get()), std::move(archive.get()), {}, {}};
        for (const auto& symbol : open.archive->symbols()) {
            auto member = symbol.getMember();
            if (!member) {
                diagnostics_.error(path + ": damaged: " + llvm::toString(member.takeError()));
                return;
            }
            open.symbols.emplace(symbol.getName().str(), *member);
        }
        archives_.push_back(std::move(open));
    }

    // Takes members that define what is still undefined, until that changes nothing.
    void resolve(const std::vector<std::string>& wanted) {
        std::vector<std::string> undefined = wanted;
        while (!undefined.empty() && !diagnostics_.failed()) {
            bool taken = false;
            for (const std::string& name : undefined) {
                taken |= take_member_for(name);
            }
            undefined = taken ? undefined_symbols() : std::vector<std::string>{};
        }
    }

    void resolve() { resolve(undefined_symbols()); }
    bool uses_long_double() const {
        for (const llvm::Function& function : *program_) {
            for (const llvm::Instruction& instruction : llvm::instructions(function)) {
                const bool computes = instruction.getType()->isFP128Ty();
                if (computes || llvm::any_of(instruction.operands(),
                                             [](const llvm::Use& use) { return use->getType()->isFP128Ty(); })) {
                    return true;
                }
            }
        }
        return false;
    }
    bool has_destructors() const { return program_->getNamedGlobal("llvm.global_dtors") != nullptr; }
    // Whether a module brings its own way in, as one made of WebAssembly does.
    bool has_start() const {
        return llvm::any_of(*program_, [](const llvm::Function& function) {
            return function.getFnAttribute(kExportName).getValueAsString() == "_start";
        });
    }
    bool wide() const { return !program_->getTargetTriple().empty() && is_wide(*program_); }
    bool defines(llvm::StringRef name) const {
        const llvm::GlobalValue* known = program_->getNamedValue(name);
        return known != nullptr && !known->isDeclaration();
    }
    std::unique_ptr<llvm::Module> finish() {
        if (wide()) {
            complete_calls(*program_);
        }
        unite_imports();
        return std::move(program_);
    }

  private:
    // One import by several C names, as a library and its user may have it, is one.
    void unite_imports() {
        std::map<std::pair<std::string, std::string>, llvm::Function*> known;
        for (llvm::Function& function : llvm::make_early_inc_range(*program_)) {
            const std::string module = import_module_of(function).str();
            if (module.empty()) {
                continue;
            }
            auto* const first = known.try_emplace({module, import_name_of(function).str()}, &function).first->second;
            if (first != &function && first->getFunctionType() == function.getFunctionType()) {
                function.replaceAllUsesWith(first);
                function.eraseFromParent();
            }
        }
    }

    std::vector<std::string> undefined_symbols() const {
        std::vector<std::string> names;
        const auto add = [&](const llvm::GlobalValue& value) {
            if (value.isDeclaration() && !value.hasExternalWeakLinkage() && !value.use_empty()) {
                names.push_back(value.getName().str());
            }
        };
        for (const llvm::Function& function : *program_) {
            // WASI is served by the SDK's library (apps/sdk/wasi), under the names by which it is imported.
            const bool is_served = import_module_of(function) == kWasiModule && !keeps_wasi_;
            if (!function.isIntrinsic() && (is_served || !function.hasFnAttribute(kImportModule))) {
                add(function);
            }
        }
        for (const llvm::GlobalVariable& variable : program_->globals()) {
            add(variable);
        }
        return names;
    }

    bool take_member_for(const std::string& name) {
        if (defines(name)) {
            return false;
        }
        for (OpenArchive& open : archives_) {
            const auto found = open.symbols.find(name);
            if (found == open.symbols.end() || !open.taken.insert(found->second.getChildOffset()).second) {
                continue;
            }
            auto bytes = found->second.getMemoryBufferRef();
            if (!bytes) {
                diagnostics_.error(open.archive->getFileName() + ": damaged: " + llvm::toString(bytes.takeError()));
                return false;
            }
            const std::string what = (open.archive->getFileName() + "(" + bytes->getBufferIdentifier() + ")").str();
            progress_(what.c_str());
            add(read_module(*bytes, context_, diagnostics_));
            return true;
        }
        return false;
    }

    std::unique_ptr<llvm::Module> program_;
    llvm::Linker linker_;
    llvm::LLVMContext& context_;
    OptimiseOptions options_;
    bool keeps_wasi_;
    Progress progress_;
    Diagnostics& diagnostics_;
    std::vector<OpenArchive> archives_;
};

}  // namespace

std::unique_ptr<llvm::Module> link_modules(const LinkInputs& inputs,
                                           llvm::LLVMContext& context,
                                           OptimiseOptions options,
                                           Progress progress,
                                           Diagnostics& diagnostics) {
    context.setDiagnosticHandler(std::make_unique<LinkMessages>(diagnostics));
    Links links(context, options, inputs.keeps_wasi, progress, diagnostics);
    for (const std::string& path : inputs.objects) {
        links.add_object(path);
    }
    if (!links.wide() && !inputs.long_double_archive.empty() && links.uses_long_double()) {
        links.open_archive(inputs.long_double_archive);
    }
    for (const auto* archives : {&inputs.archives, links.wide() ? &inputs.wide_libraries : &inputs.libraries}) {
        for (const std::string& path : *archives) {
            links.open_archive(path);
        }
    }
    links.resolve(inputs.wanted);
    if (!inputs.start.empty() && !links.defines("tessera_main") && !links.has_start()) {
        links.resolve({inputs.start});
    }
    links.resolve();
    if (links.has_destructors()) {
        links.resolve({"__cxa_atexit"});  // which the constructors' caller will use (prepare.cpp)
    }
    return diagnostics.failed() ? nullptr : links.finish();
}

}  // namespace tessera::lower
