#include "guest/module_check.h"

#include "guest/wabt_features.h"
#include "wabt/binary-reader-nop.h"
#include "wabt/binary-reader.h"
#include "wabt/leb128.h"

namespace sluice::host::interpreter {
namespace {

// V8's limit, and so Envoy's.
constexpr uint64_t kMaxLocals = 50'000;

/// Reads a module and looks at nothing but its counts.
class Reader final : public wabt::BinaryReaderNop {
 public:
  explicit Reader(ModuleCheck* check) : check_(check) {}

  bool OnError(const wabt::Error& error) override {
    fail(error.message);
    return true;
  }
  // Each data segment takes bytes of its own, and so do the entries of br_table and the types of select.
  wabt::Result OnDataCount(wabt::Index count) override { return countOf("data segments", count); }
  wabt::Result OnOpcode(wabt::Opcode opcode) override {
    if (opcode == wabt::Opcode::BrTable) return nextCount("targets of br_table");
    if (opcode == wabt::Opcode::SelectT) return nextCount("types of select");
    return wabt::Result::Ok;
  }

  wabt::Result BeginFunctionBody(wabt::Index index, wabt::Offset) override {
    function_ = index;
    locals_ = 0;
    return wabt::Result::Ok;
  }
  wabt::Result OnLocalDecl(wabt::Index, wabt::Index count, wabt::Type) override {
    locals_ += count;
    if (locals_ <= kMaxLocals) return wabt::Result::Ok;
    check_->excess = {function_, std::to_string(locals_) + " locals; engines take at most " +
                                     std::to_string(kMaxLocals) + " in one function"};
    return wabt::Result::Error;
  }
  wabt::Result OnReturnCallExpr(wabt::Index) override {
    check_->tailCalls = true;
    return wabt::Result::Ok;
  }

 private:
  void fail(const std::string& reason) {
    if (check_->broken || check_->excess) return;
    check_->broken = reason + " (at byte " + std::to_string(state->offset) + " of " + std::to_string(state->size) + ")";
  }
  wabt::Result countOf(const char* what, uint64_t count) {
    if (count <= state->size) return wabt::Result::Ok;
    fail(std::to_string(count) + " " + what + " are more than the module can hold");
    return wabt::Result::Error;
  }
  /// Looks at the number that comes next.
  wabt::Result nextCount(const char* what) {
    uint32_t count = 0;
    if (wabt::ReadU32Leb128(state->data + state->offset, state->data + state->size, &count) == 0) {
      return wabt::Result::Ok;  // wabt says so too.
    }
    return countOf(what, count);
  }

  ModuleCheck* check_;
  uint32_t function_ = 0;
  uint64_t locals_ = 0;
};

}  // namespace

ModuleCheck checkModule(std::string_view bytes) {
  ModuleCheck check;
  Reader reader(&check);
  wabt::ReadBinaryOptions options(features(), nullptr, /*read_debug_names=*/false, /*stop_on_first_error=*/true,
                                  /*fail_on_custom_section_error=*/false);
  if (Failed(wabt::ReadBinary(bytes.data(), bytes.size(), &reader, options)) && !check.broken && !check.excess) {
    check.broken = "unknown reason";
  }
  return check;
}

}  // namespace sluice::host::interpreter
