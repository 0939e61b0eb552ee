// The arguments and results of crossings, for their record.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "abi/abi32.h"
#include "abi/parameters.h"
#include "sluice/host/crossing.h"

namespace sluice::host {

/// A value of an enum or an integer type of the ABI.
template <class T>
CrossingValue crossingNumber(std::string_view name, T value) {
  CrossingValue result;
  result.name = name;
  result.number = static_cast<int64_t>(value);
  if constexpr (std::is_enum_v<T> && !std::is_same_v<T, abi32::Size>) {
    result.kind = CrossingValue::Kind::Enumerator;
    result.bytes = toString(value);
  }
  return result;
}

/// `isFields`: the bytes are the ABI's encoding of header fields.
CrossingValue crossingBytes(std::string_view name, std::string_view bytes, bool isFields);

/// The names of the parameters in a list of C++, as the ABI's tables have it: "(MapType map, const char* key_data)".
std::vector<std::string_view> parameterNames(std::string_view parameters);

/// The arguments of a callback, by its ABI name. Functions that are no callbacks of the ABI have unnamed numbers.
std::vector<CrossingValue> callbackArguments(std::string_view callback, std::span<const uint64_t> raw);
/// The result of a callback; empty for one that returns nothing, and for functions that are no callbacks of the ABI.
std::vector<CrossingValue> callbackResults(std::string_view callback, uint64_t raw);

/// Describes the parameters of a hostcall's implementation, one after the other.
class HostcallValues {
 public:
  HostcallValues(std::string_view hostcall, std::string_view parameters)
      : hostcall_(hostcall), names_(parameterNames(parameters)) {}

  /// What the guest gives.
  template <class... Params>
  std::vector<CrossingValue> arguments(const std::tuple<Params...>& parameters) {
    return all(parameters, [&](const auto& parameter) { this->argument(parameter); });
  }
  /// What the guest gets, read from where the hostcall has written it.
  template <class... Params>
  std::vector<CrossingValue> results(const std::tuple<Params...>& parameters) {
    return all(parameters, [&](const auto& parameter) { this->result(parameter); });
  }

 private:
  template <class... Params, class Describe>
  std::vector<CrossingValue> all(const std::tuple<Params...>& parameters, const Describe& describe) {
    values_.clear();
    next_ = 0;
    std::apply([&](const Params&... each) { (describe(each), ...); }, parameters);
    return std::move(values_);
  }

  void argument(const Bytes& bytes);
  void argument(const OutBytes&) { next_ += 2; }
  void argument(const Length& length) { values_.push_back(crossingNumber(names_[next_++], length.value)); }
  template <class T>
  void argument(const Out<T>&) {
    ++next_;
  }
  template <class T>
  void argument(const T& value) {
    values_.push_back(crossingNumber(names_[next_++], value));
  }

  void result(const Bytes&) { next_ += 2; }
  void result(const OutBytes& bytes);
  void result(const Out<Length>& length);
  template <class T>
  void result(const Out<T>& out) {
    const auto name = resultName();
    T value{};
    const char* at = out.caller->memory().at(out.address, sizeof value);
    if (at == nullptr || name == "unused") return;
    std::memcpy(&value, at, sizeof value);
    values_.push_back(crossingNumber(name, value));
  }
  template <class T>
  void result(const T&) {
    ++next_;
  }

  /// The name of the next parameter, for a result.
  std::string_view resultName();

  std::string_view hostcall_;
  std::vector<std::string_view> names_;
  size_t next_ = 0;
  std::vector<CrossingValue> values_;
};

}  // namespace sluice::host
