#include "safeir/recheck/recheck_module.h"

#include "safeir/diag/enforcement.h"
#include "safeir/diag/rule.h"
#include "safeir/prove/helper_type.h"
#include "safeir/prove/provenance.h"
#include "safeir/read/helpers.h"
#include "safeir/read/intrinsics.h"
#include "safeir/read/read_program.h"
#include "safeir/recheck/function_rechecker.h"
#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

#include <bit>
#include <fmt/format.h>
#include <tuple>

namespace tessera::safeir {
namespace {

class ModuleRechecker {
  public:
    ModuleRechecker(llvm::Module& module, const Limits& limits) : module_(module), limits_(limits) {}

    std::optional<Refusal> check() {
        if (check_content() && check_globals()) {
            for (llvm::Function& function : module_) {
                if (!(function.isDeclaration() ? check_declaration(function) : check_function(function))) {
                    break;
                }
            }
        }
        return std::move(refusal_);
    }

    std::vector<FunctionNotes> found() { return std::move(found_); }

  private:
    bool refuse(Rule rule, llvm::StringRef name, const std::string& particulars = {}, Site site = Site::current()) {
        if (!is_enforced(rule, site)) {
            return true;
        }
        std::string what(rule_sentence(rule));
        if (!particulars.empty()) {
            what += " (" + particulars + ")";
        }
        refusal_ = Refusal{rule_id(rule), std::move(what), name.str(), {}, {}};
        return false;
    }

    bool check_content() {
        if (!module_.getModuleInlineAsm().empty() || !module_.alias_empty() || !module_.ifunc_empty()) {
            return refuse(Rule::ModuleContent, "");
        }
        for (const llvm::NamedMDNode& metadata : module_.named_metadata()) {
            if (metadata.getName() != "llvm.dbg.cu" && metadata.getName() != "llvm.module.flags") {
                return refuse(Rule::Metadata, "", metadata.getName().str());
            }
        }
        llvm::SmallVector<llvm::Module::ModuleFlagEntry, 2> flags;
        module_.getModuleFlagsMetadata(flags);
        for (const llvm::Module::ModuleFlagEntry& flag : flags) {
            if (flag.Key->getString() != "Debug Info Version") {
                return refuse(Rule::Metadata, "", flag.Key->getString().str());
            }
        }
        if (module_.getDataLayoutStr() != kDataLayout || !module_.getTargetTriple().str().empty()) {
            return refuse(Rule::Target, "");
        }
        return true;
    }

    bool check_globals() {
        for (const llvm::GlobalVariable& global : module_.globals()) {
            const bool plain = global.isConstant() && global.hasInternalLinkage() && global.hasInitializer() &&
                               !global.isThreadLocal() && !global.hasSection() && !global.hasComdat() &&
                               !global.hasAttributes() && !global.hasMetadata() && global.getAddressSpace() == 0 &&
                               !global.isExternallyInitialized() && !global.hasPartition() && !global.getAlign() &&
                               !global.getCodeModel();
            if (!plain || !(is_data_table(global) || is_function_table(global))) {
                return refuse(Rule::Global, global.getName());
            }
            if (is_data_table(global)) {
                if (!llvm::isa<llvm::ConstantDataArray>(global.getInitializer()) &&
                    !global.getInitializer()->isNullValue()) {
                    return refuse(Rule::Global, global.getName());
                }
            } else if (!check_function_table(global)) {
                return false;
            }
            if (!check_global_uses(global)) {
                return false;
            }
        }
        return true;
    }

    bool check_global_uses(const llvm::GlobalVariable& global) {
        const bool good = llvm::all_of(global.users(), [&](const llvm::User* user) {
            if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(user)) {
                return load->getPointerOperand() == &global;
            }
            const auto* address = llvm::dyn_cast<llvm::GetElementPtrInst>(user);
            return address != nullptr && address->getPointerOperand() == &global &&
                   (is_data_table(global) || llvm::all_of(address->users(), [](const llvm::User* use) {
                        return llvm::isa<llvm::LoadInst>(use);
                    }));
        });
        return good || refuse(Rule::Global, global.getName(), "used as a value");
    }

    bool check_function_table(const llvm::GlobalVariable& table) {
        const auto* entries = llvm::dyn_cast<llvm::ConstantArray>(table.getInitializer());
        const auto size = llvm::cast<llvm::ArrayType>(table.getValueType())->getNumElements();
        if (entries == nullptr || !std::has_single_bit(size) || size > (1U << wire::kTableLog2Max)) {
            return refuse(Rule::FunctionTable, table.getName());
        }
        const auto* first = llvm::dyn_cast<llvm::Function>(entries->getOperand(0));
        for (const llvm::Use& entry : entries->operands()) {
            const auto* function = llvm::dyn_cast<llvm::Function>(entry);
            if (function == nullptr || function->isDeclaration() ||
                function->getFunctionType() != first->getFunctionType()) {
                return refuse(Rule::FunctionTable, table.getName());
            }
        }
        return llvm::none_of(llvm::drop_begin(first->getFunctionType()->params()),
                             [](const llvm::Type* type) { return type->isPointerTy(); }) ||
               refuse(Rule::FunctionTable, table.getName(), "slices are passed by direct calls only");
    }

    // Only the attributes that the dialect names, each where it belongs.
    bool check_attributes(const llvm::Function& function) {
        const llvm::AttributeList attributes = function.getAttributes();
        for (const unsigned index : attributes.indexes()) {
            for (const llvm::Attribute& attribute : attributes.getAttributes(index)) {
                if (!attribute.isStringAttribute()) {
                    return refuse(Rule::FunctionShape, function.getName(), attribute.getAsString());
                }
                const llvm::StringRef name = attribute.getKindAsString();
                bool fits = false;
                if (index == llvm::AttributeList::FunctionIndex) {
                    fits = function.isDeclaration() ? name == "tessera.import" || name == "tessera.result"
                                                    : name == "tessera.export";
                } else if (index >= llvm::AttributeList::FirstArgIndex) {
                    fits = name == "tessera.ro" || name == "tessera.rw";
                }
                if (!fits) {
                    return refuse(Rule::FunctionShape, function.getName(), attribute.getAsString());
                }
            }
        }
        return true;
    }

    // A few bytes of a file are a function with many parameters: those of one signature are looked at once.
    bool check_signature(const llvm::Function& function) {
        const SignatureKey key{function.getFunctionType(), function.getAttributes().getRawPointer()};
        auto& good = function.isDeclaration() ? good_declared_ : good_defined_;
        if (!good.contains(key) && check_parameters(function)) {
            good.insert(key);
        }
        return good.contains(key);
    }

    bool check_parameters(const llvm::Function& function) {
        const llvm::FunctionType* type = function.getFunctionType();
        if (type->isVarArg() || type->getNumParams() == 0 || !type->getParamType(0)->isPointerTy() ||
            type->getParamType(0)->getPointerAddressSpace() != 0 ||
            type->getNumParams() > 1 + 2 * wire::kParametersMax) {
            return refuse(Rule::Signature, function.getName());
        }
        if (!check_attributes(function)) {
            return false;
        }
        for (unsigned i = 1; i < type->getNumParams(); ++i) {
            const llvm::Type* parameter = type->getParamType(i);
            if (!parameter->isPointerTy()) {
                if (slice_parameter(function, i) || !KnownTypes::is_call_type(parameter)) {
                    return refuse(Rule::Signature, function.getName(), fmt::format("parameter {}", i));
                }
                continue;
            }
            const auto attributes = function.getAttributes().getParamAttrs(i);
            const bool one_kind = attributes.hasAttribute("tessera.ro") != attributes.hasAttribute("tessera.rw");
            if (!one_kind || parameter->getPointerAddressSpace() != 0 || slice_parameter(function, i + 1) ||
                i + 1 == type->getNumParams() || !type->getParamType(i + 1)->isIntegerTy(64)) {
                return refuse(
                    Rule::Signature, function.getName(), fmt::format("parameter {} is a pointer, but no slice", i));
            }
            ++i;
        }
        if (slice_parameter(function, 0)) {
            return refuse(Rule::Signature, function.getName(), "the arena is no slice");
        }
        return check_result(function);
    }

    bool check_result(const llvm::Function& function) {
        llvm::Type* result = function.getReturnType();
        const auto* record = llvm::dyn_cast<llvm::StructType>(result);
        if (slice_result(function)) {
            const bool fits = function.isDeclaration() && record != nullptr && record->getNumElements() == 2 &&
                              known_.is_value(result) && record->getElementType(0)->isPointerTy() &&
                              record->getElementType(1)->isIntegerTy(64);
            return fits || refuse(Rule::Signature, function.getName(), "result");
        }
        const bool fits = result->isVoidTy() || KnownTypes::is_call_type(result) ||
                          (record != nullptr && known_.is_value(result) &&
                           llvm::all_of(record->elements(), KnownTypes::is_call_type));
        return fits || refuse(Rule::Signature, function.getName(), "result");
    }

    bool check_declaration(const llvm::Function& function) {
        if (function.isIntrinsic()) {
            return true;  // its calls are checked against the list
        }
        if (function.getCallingConv() != llvm::CallingConv::C || !function.hasExternalLinkage()) {
            return refuse(Rule::Declaration, function.getName());
        }
        if (const auto import = import_name(function)) {
            // The lowering says it by an attribute.
            const llvm::StringRef lowered = function.getFnAttribute("tessera.import").getValueAsString();
            return lowered.empty() || lowered == llvm::StringRef(*import)
                       ? check_signature(function)
                       : refuse(Rule::Declaration, function.getName(), "an import is named after itself");
        }
        for (const Helper& helper : helpers()) {
            if (function.getName() == "tessera." + std::string(helper.name)) {
                return check_attributes(function) && check_helper(function, helper);
            }
        }
        return refuse(Rule::Declaration, function.getName());
    }

    bool check_helper(const llvm::Function& function, const Helper& helper) {
        bool fits = helper_type(helper, module_.getContext()) == function.getFunctionType() &&
                    function.getAttributes().getFnAttrs().getNumAttributes() == 0;
        unsigned at = 1;
        for (const wire::TypeCode parameter : helper.parameters) {
            const auto kind = slice_parameter(function, at);
            const bool is_slice = parameter == wire::kSliceRo || parameter == wire::kSliceRw;
            fits = fits && kind.has_value() == is_slice &&
                   (!is_slice || (*kind == PointerKind::SliceRo) == (parameter == wire::kSliceRo));
            at += is_slice ? 2 : 1;
        }
        return fits || refuse(Rule::Declaration, function.getName());
    }

    bool check_function(llvm::Function& function) {
        const bool plain = function.hasInternalLinkage() && function.getCallingConv() == llvm::CallingConv::C &&
                           !function.hasSection() && !function.hasComdat() && !function.hasPersonalityFn() &&
                           !function.hasPrefixData() && !function.hasPrologueData() && !function.hasGC() &&
                           !function.hasPartition() && !function.getAlign() && function.getAddressSpace() == 0 &&
                           !function.getName().starts_with("tessera.import.");
        if (!plain) {
            return refuse(Rule::FunctionShape, function.getName());
        }
        llvm::SmallVector<std::pair<unsigned, llvm::MDNode*>, 2> metadata;
        function.getAllMetadata(metadata);
        if (llvm::any_of(metadata, [](const auto& entry) { return entry.first != llvm::LLVMContext::MD_dbg; })) {
            return refuse(Rule::Metadata, function.getName());
        }
        if (!check_signature(function) || !check_export(function) || !check_function_uses(function)) {
            return false;
        }
        FunctionRechecker checker(function, known_, limits_);
        refusal_ = checker.check();
        found_.push_back(checker.notes());
        return !refusal_;
    }

    static bool is_method(const llvm::FunctionType& type, const MethodName& name) {
        const llvm::Type* result = type.getReturnType();
        const auto* structure = llvm::dyn_cast<llvm::StructType>(result);
        const bool is_told = name.kind == MethodName::Kind::Released;
        return name.kind != MethodName::Kind::Mint && type.getNumParams() >= 3 &&
               (!is_told || (type.getNumParams() == 3 && structure == nullptr)) &&
               type.getParamType(1)->isIntegerTy(32) && type.getParamType(2)->isIntegerTy(64) &&
               (structure != nullptr ? structure->getElementType(0) : result)->isIntegerTy(32);
    }

    bool check_export(const llvm::Function& function) {
        if (!function.hasFnAttribute("tessera.export")) {
            return true;
        }
        const llvm::FunctionType* type = function.getFunctionType();
        if (const auto method = parse_method_name(function.getFnAttribute("tessera.export").getValueAsString())) {
            return is_method(*type, *method) || refuse(Rule::Export, function.getName());
        }
        bool fits = (type->getReturnType()->isVoidTy() || type->getReturnType()->isIntegerTy(32)) &&
                    type->getNumParams() >= 2 && type->getParamType(1)->isIntegerTy(32);
        for (unsigned i = 2; i < type->getNumParams(); ++i) {
            fits = fits && KnownTypes::is_capability(type->getParamType(i));
        }
        return fits || refuse(Rule::Export, function.getName());
    }

    // Called, or in a function table: no other use, so that no function's address becomes a number.
    bool check_function_uses(const llvm::Function& function) {
        const bool good = llvm::all_of(function.uses(), [&](const llvm::Use& use) {
            const auto* call = llvm::dyn_cast<llvm::CallInst>(use.getUser());
            return (call != nullptr && call->isCallee(&use)) || llvm::isa<llvm::ConstantArray>(use.getUser());
        });
        return good || refuse(Rule::Constant, function.getName(), "used as a value");
    }

    llvm::Module& module_;
    const Limits& limits_;
    KnownTypes known_;
    using SignatureKey = std::pair<const llvm::FunctionType*, const void*>;
    llvm::DenseSet<SignatureKey> good_declared_;
    llvm::DenseSet<SignatureKey> good_defined_;
    std::vector<FunctionNotes> found_;
    std::optional<Refusal> refusal_;
};

}  // namespace

std::optional<Refusal> recheck_module(llvm::Module& module, const Limits& limits, std::vector<FunctionNotes>* found) {
    ModuleRechecker checker(module, limits);
    auto refusal = checker.check();
    if (found != nullptr) {
        *found = checker.found();
    }
    return refusal;
}

std::optional<Refusal> recheck_program(const ReadProgram& program, const Limits& limits) {
    std::vector<FunctionNotes> found;
    if (auto refusal = recheck_module(*program.module, limits, &found)) {
        return refusal;
    }
    const auto in_order = [](const std::vector<Obligation>& obligations) {
        auto sorted = obligations;
        llvm::sort(sorted, [](const Obligation& a, const Obligation& b) {
            return std::tie(a.at, a.variable, a.constant, a.length) < std::tie(b.at, b.variable, b.constant, b.length);
        });
        return sorted;
    };
    llvm::DenseMap<const llvm::Function*, const FunctionNotes*> read;
    for (const FunctionNotes& notes : program.functions) {
        read[notes.function] = &notes;
    }
    for (const FunctionNotes& own : found) {
        const FunctionNotes* notes = read.lookup(own.function);
        if (notes != nullptr ? in_order(notes->obligations) != in_order(own.obligations) : !own.obligations.empty()) {
            return Refusal{
                rule_id(Rule::Proof), "the reader notes other obligations", own.function->getName().str(), {}, {}};
        }
    }
    return std::nullopt;
}

}  // namespace tessera::safeir
