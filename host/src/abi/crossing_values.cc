#include "abi/crossing_values.h"

#include <array>
#include <map>
#include <string>

#include "abi/pairs.h"

namespace sluice::host {
namespace {

std::string_view withoutSuffix(std::string_view name, std::string_view suffix) {
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

/// A pointer or a length in guest memory; nothing outside of it.
std::optional<uint64_t> readWord(GuestMemory& memory, uint64_t address) {
  const size_t size = memory.wordSize();
  const char* at = memory.at(address, size);
  if (at == nullptr) return std::nullopt;
  uint64_t value = 0;
  std::memcpy(&value, at, size);  // The machines that run this are little-endian, as guests are.
  return value;
}

/// How a callback's record is made from raw numbers.
struct CallbackText {
  std::string_view parameters;
  std::vector<CrossingValue> (*arguments)(std::string_view parameters, std::span<const uint64_t> raw);
  std::vector<CrossingValue> (*results)(uint64_t raw);
};

template <class T>
CrossingValue fromRaw(std::string_view name, uint64_t raw) {
  if constexpr (std::is_pointer_v<T>) {
    return crossingNumber(name, raw);
  } else if constexpr (sizeof(T) == 4) {
    return crossingNumber(name, static_cast<T>(static_cast<uint32_t>(raw)));
  } else {
    return crossingNumber(name, static_cast<T>(raw));
  }
}

template <class Function>
struct Describe;
template <class Result, class... Params>
struct Describe<Result(Params...)> {
  static std::vector<CrossingValue> arguments(std::string_view parameters, std::span<const uint64_t> raw) {
    const auto names = parameterNames(parameters);
    std::vector<CrossingValue> values;
    size_t i = 0;
    // ABI 0.1.0 calls some callbacks with fewer arguments.
    ((i < raw.size() ? (void)values.push_back(fromRaw<Params>(names[i], raw[i])) : (void)0, ++i), ...);
    return values;
  }
  static std::vector<CrossingValue> results([[maybe_unused]] uint64_t raw) {
    if constexpr (std::is_void_v<Result>) {
      return {};
    } else {
      return {fromRaw<Result>("", raw)};
    }
  }
};

const CallbackText* find(std::string_view callback) {
  static const std::map<std::string_view, CallbackText> all = {
#define SLUICE_CALLBACK_TEXT(first, last, name, result, params) \
  {#name, {#params, &Describe<abi32::type::name>::arguments, &Describe<abi32::type::name>::results}},
      SLUICE_ABI_CALLBACKS(SLUICE_CALLBACK_TEXT)
#undef SLUICE_CALLBACK_TEXT
  };
  const auto found = all.find(callback);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

CrossingValue crossingBytes(std::string_view name, std::string_view bytes, bool isFields) {
  CrossingValue value;
  value.name = name;
  value.size = bytes.size();
  if (!isFields) {
    value.kind = CrossingValue::Kind::Bytes;
    value.bytes = bytes.substr(0, CrossingValue::kMaxBytes);
    return value;
  }
  value.kind = CrossingValue::Kind::Fields;
  size_t left = CrossingValue::kMaxBytes;
  for (auto& field : decodePairs(bytes)) {
    const size_t size = field.first.size() + field.second.size();
    if (size > left) break;
    left -= size;
    value.fields.push_back(std::move(field));
  }
  return value;
}

std::vector<std::string_view> parameterNames(std::string_view parameters) {
  std::vector<std::string_view> names;
  size_t start = std::string_view::npos;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const char c = parameters[i];
    const bool isEnd = c == ',' || c == ')';
    if (isEnd && start != std::string_view::npos) names.push_back(parameters.substr(start, i - start));
    // The name is what comes after the last space, star or parenthesis.
    start = c == ' ' || c == '*' || c == '(' || isEnd ? std::string_view::npos
            : start == std::string_view::npos         ? i
                                                      : start;
  }
  return names;
}

std::vector<CrossingValue> callbackArguments(std::string_view callback, std::span<const uint64_t> raw) {
  if (const CallbackText* text = find(callback)) return text->arguments(text->parameters, raw);
  std::vector<CrossingValue> values;
  for (const uint64_t each : raw) values.push_back(crossingNumber("", each));
  return values;
}

std::vector<CrossingValue> callbackResults(std::string_view callback, uint64_t raw) {
  const CallbackText* text = find(callback);
  return text == nullptr ? std::vector<CrossingValue>() : text->results(raw);
}

void HostcallValues::argument(const Bytes& bytes) {
  const auto name = withoutSuffix(names_[next_], "_data");
  next_ += 2;
  const bool isFields = name == "headers" || name == "trailers" || name == "metadata" || name == "pairs";
  values_.push_back(crossingBytes(name, bytes.view, isFields));
}

void HostcallValues::result(const OutBytes& bytes) {
  const auto name = withoutSuffix(resultName(), "_data");
  ++next_;
  GuestMemory& memory = bytes.caller->memory();
  const auto address = readWord(memory, bytes.pointerAddress);
  const auto size = readWord(memory, bytes.lengthAddress);
  if (!address || !size) return;
  const char* at = memory.at(*address, *size);
  if (at == nullptr) return;
  values_.push_back(crossingBytes(name, {at, *size}, hostcall_ == nameOf(Hostcall::proxy_get_header_map_pairs)));
}

void HostcallValues::result(const Out<Length>& length) {
  const auto name = resultName();
  if (const auto value = readWord(length.caller->memory(), length.address)) {
    values_.push_back(crossingNumber(name, *value));
  }
}

std::string_view HostcallValues::resultName() {
  constexpr std::string_view kPrefix = "return_";
  const auto name = names_[next_++];
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

}  // namespace sluice::host
