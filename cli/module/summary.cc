#include "module/summary.h"

#include <wabt/binary-reader-nop.h>
#include <wabt/binary-reader.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "sluice/host/text.h"

namespace sluice::cli {
namespace {

std::string signatureOf(const std::vector<wabt::Type>& parameters, const std::vector<wabt::Type>& results) {
  const auto list = [](const std::vector<wabt::Type>& types) {
    std::string text;
    for (const auto& type : types) text += (text.empty() ? "" : ", ") + type.GetName();
    return text;
  };
  const auto result = results.size() == 1 ? list(results) : "(" + list(results) + ")";
  return "(" + list(parameters) + ") -> " + result;
}

// Reads a custom section of counts, numbers and texts. A text has its length before it; lengths and counts are LEB128
// numbers. Such sections are only informative, so a fault ends what is read.
class CustomSectionReader {
 public:
  explicit CustomSectionReader(std::string_view section) : rest_(section) {}

  // "producers": for each field its name, and for each of its values a name and a version.
  std::vector<std::string> producers() {
    std::vector<std::string> result;
    const auto fields = number();
    for (uint64_t field = 0; field < fields && ok_; ++field) {
      const auto kind = text();
      const auto values = number();
      for (uint64_t value = 0; value < values && ok_; ++value) {
        const auto name = text();
        const auto version = text();
        if (ok_) result.push_back(kind + " " + name + (version.empty() ? "" : " " + version));
      }
    }
    return result;
  }

  // "target_features": for each feature a sign and its name: "+bulk-memory, -atomics".
  std::string targetFeatures() {
    std::string result;
    const auto count = number();
    for (uint64_t i = 0; i < count && ok_ && !rest_.empty(); ++i) {
      const char sign = rest_.front();
      rest_.remove_prefix(1);
      const auto name = text();
      if (ok_) result += (result.empty() ? "" : ", ") + std::string(1, sign) + name;
    }
    return result;
  }

  // "build_id": its bytes in hexadecimal.
  std::string buildId() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string result;
    for (const char c : text()) {
      const auto byte = static_cast<unsigned char>(c);
      result += {kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
    return result;
  }

  // "sourceMappingURL", "external_debug_info": one text.
  std::string text() {
    const auto size = number();
    if (size > rest_.size()) ok_ = false;
    if (!ok_) return {};
    std::string result(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return result;
  }

 private:
  uint64_t number() {
    uint64_t result = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      result |= uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return result;
    }
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// What a custom section says, as text; empty if that is not known.
std::string metadataText(std::string_view name, std::string_view content) {
  CustomSectionReader reader(content);
  if (name == "target_features") return reader.targetFeatures();
  if (name == "build_id") return reader.buildId();
  if (name == "sourceMappingURL" || name == "external_debug_info") return reader.text();
  const bool isText = std::none_of(content.begin(), content.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
  });
  return isText ? std::string(content) : std::string();
}

class SummaryReader final : public wabt::BinaryReaderNop {
 public:
  explicit SummaryReader(std::string_view module) : module_(module) { summary_.bytes = module.size(); }

  [[nodiscard]] const std::string& error() const { return error_; }

  ModuleSummary finish() {
    // The largest first; equal ones in the module's order.
    std::sort(bodies_.begin(), bodies_.end(),
              [](const auto& a, const auto& b) { return std::pair(b.second, a.first) < std::pair(a.second, b.first); });
    for (const auto& [index, bytes] : bodies_) summary_.functions.push_back({functionName(index), bytes});
    std::sort(summary_.callbacks.begin(), summary_.callbacks.end());
    std::sort(summary_.otherExports.begin(), summary_.otherExports.end());
    summary_.hasFunctionNames = !names_.empty();
    return std::move(summary_);
  }

  bool OnError(const wabt::Error& error) override {
    error_ = "at byte " + std::to_string(error.loc.offset) + ": " + error.message;
    return true;
  }

  wabt::Result BeginSection(wabt::Index /*index*/, wabt::BinarySection type, wabt::Offset size) override {
    summary_.sections.push_back({wabt::GetSectionName(type), size});
    sectionStart_ = state->offset;
    return wabt::Result::Ok;
  }

  wabt::Result BeginCustomSection(wabt::Index /*index*/, wabt::Offset size, std::string_view name) override {
    summary_.sections.back().name = '"' + std::string(name) + '"';
    // `size` counts the section's name, which the reader has read.
    const size_t nameSize = state->offset - sectionStart_;
    const auto content = module_.substr(state->offset, size - std::min(size, nameSize));
    if (name == "producers") {
      summary_.producers = CustomSectionReader(content).producers();
    } else if (name != "name" && !name.starts_with(".debug_")) {
      summary_.metadata.push_back({std::string(name), metadataText(name, content)});
    }
    return wabt::Result::Ok;
  }

  wabt::Result OnFuncType(wabt::Index /*index*/, wabt::Index parameterCount, wabt::Type* parameters,
                          wabt::Index resultCount, wabt::Type* results) override {
    signatures_.push_back(signatureOf({parameters, parameters + parameterCount}, {results, results + resultCount}));
    return wabt::Result::Ok;
  }

  wabt::Result OnImportFunc(wabt::Index /*import*/, std::string_view module, std::string_view field,
                            wabt::Index /*function*/, wabt::Index signature) override {
    summary_.imports.push_back({std::string(module), std::string(field),
                                signature < signatures_.size() ? signatures_[signature] : "of an unknown type"});
    return wabt::Result::Ok;
  }

  wabt::Result OnImportTable(wabt::Index /*import*/, std::string_view module, std::string_view field,
                             wabt::Index /*table*/, wabt::Type /*type*/, const wabt::Limits* /*limits*/) override {
    return otherImport("table", module, field);
  }
  wabt::Result OnImportMemory(wabt::Index /*import*/, std::string_view module, std::string_view field,
                              wabt::Index /*memory*/, const wabt::Limits* limits) override {
    countMemory(*limits);
    return otherImport("memory", module, field);
  }
  wabt::Result OnImportGlobal(wabt::Index /*import*/, std::string_view module, std::string_view field,
                              wabt::Index /*global*/, wabt::Type /*type*/, bool /*isMutable*/) override {
    return otherImport("global", module, field);
  }

  wabt::Result OnMemory(wabt::Index /*index*/, const wabt::Limits* limits) override {
    countMemory(*limits);
    return wabt::Result::Ok;
  }

  wabt::Result OnExport(wabt::Index /*index*/, wabt::ExternalKind kind, wabt::Index item,
                        std::string_view name) override {
    constexpr std::string_view kVersion = "proxy_abi_version_";
    if (name.starts_with(kVersion)) {
      summary_.abiVersion = name.substr(kVersion.size());
      std::replace(summary_.abiVersion.begin(), summary_.abiVersion.end(), '_', '.');
    }
    const bool isFunction = kind == wabt::ExternalKind::Func;
    if (isFunction) exports_.emplace(item, name);
    const bool isCallback = isFunction && name.starts_with("proxy_on_") && name != "proxy_on_memory_allocate";
    (isCallback ? summary_.callbacks : summary_.otherExports).emplace_back(name);
    return wabt::Result::Ok;
  }

  wabt::Result BeginFunctionBody(wabt::Index index, wabt::Offset size) override {
    bodies_.emplace_back(index, size);
    return wabt::Result::Ok;
  }

  wabt::Result OnFunctionName(wabt::Index function, std::string_view name) override {
    names_[function] = name;
    return wabt::Result::Ok;
  }

 private:
  wabt::Result otherImport(std::string_view kind, std::string_view module, std::string_view field) {
    summary_.otherImports.push_back(std::string(kind) + " " + std::string(module) + "." + std::string(field));
    return wabt::Result::Ok;
  }

  void countMemory(const wabt::Limits& limits) {
    if (summary_.memories++ > 0) return;
    summary_.initialPages = limits.initial;
    if (limits.has_max) summary_.maximumPages = limits.max;
  }

  [[nodiscard]] std::string functionName(wabt::Index index) const {
    if (const auto named = names_.find(index); named != names_.end()) return host::demangled(named->second);
    if (const auto exported = exports_.find(index); exported != exports_.end()) return exported->second;
    return "func[" + std::to_string(index) + "]";
  }

  std::string_view module_;
  ModuleSummary summary_;
  std::string error_;
  size_t sectionStart_ = 0;
  std::vector<std::string> signatures_;
  std::map<wabt::Index, std::string> names_;
  std::map<wabt::Index, std::string> exports_;
  std::vector<std::pair<wabt::Index, size_t>> bodies_;
};

}  // namespace

ModuleSummary summarizeModule(std::string_view bytes, const std::string& name) {
  SummaryReader reader(bytes);
  wabt::ReadBinaryOptions options;
  options.features.EnableAll();
  options.read_debug_names = true;
  options.fail_on_custom_section_error = false;
  options.skip_function_bodies = true;
  if (Failed(wabt::ReadBinary(bytes.data(), bytes.size(), &reader, options))) {
    throw std::runtime_error(name + ": not a WebAssembly module: " + reader.error());
  }
  return reader.finish();
}

}  // namespace sluice::cli
