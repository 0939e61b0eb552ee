// Dispatches hostcalls with a guest's raw arguments to the implementations; derived from the ABI's table.
#include "abi/hostcalls.h"

#include <array>
#include <tuple>
#include <type_traits>

#include "abi/crossing_values.h"

namespace sluice::host {
namespace {

template <class... Types>
struct TypeList {};

/// The ABI parameters that one parameter of an implementation stands for.
template <class T>
struct Expand {
  using Types = TypeList<T>;
};
template <>
struct Expand<Bytes> {
  using Types = TypeList<const char*, abi32::Size>;
};
template <>
struct Expand<Length> {
  using Types = TypeList<abi32::Size>;
};
template <>
struct Expand<OutBytes> {
  using Types = TypeList<const char**, abi32::Size*>;
};
template <class T>
struct Expand<Out<T>> {
  using Types = TypeList<T*>;
};
template <>
struct Expand<Out<Length>> {
  using Types = TypeList<abi32::Size*>;
};

template <class... Lists>
struct Join {
  using Types = TypeList<>;
};
template <class... A, class... Rest>
struct Join<TypeList<A...>, Rest...> {
  template <class>
  struct Prepend;
  template <class... B>
  struct Prepend<TypeList<B...>> {
    using Types = TypeList<A..., B...>;
  };
  using Types = typename Prepend<typename Join<Rest...>::Types>::Types;
};

template <class Function>
struct ParamsOf;
template <class... Params>
struct ParamsOf<Status(Params...)> {
  using Types = TypeList<Params...>;
};

/// Converts the raw arguments to an implementation's parameters, and checks pointers into guest memory.
class Reader {
 public:
  Reader(Caller& caller, std::span<const uint64_t> raw) : caller_(caller), raw_(raw) {}

  template <class T>
  T take() {
    if constexpr (std::is_same_v<T, Bytes>) {
      uint64_t address = next();
      uint64_t size = next();
      const char* bytes = caller_.memory().at(address, size);
      if (bytes == nullptr) {
        valid_ = false;
        return {};
      }
      caller_.countBytes(size);
      return {std::string_view(bytes, size)};
    } else if constexpr (std::is_same_v<T, OutBytes>) {
      uint64_t pointer = next();
      return {&caller_, pointer, next()};
    } else if constexpr (std::is_same_v<T, Length>) {
      return {next()};
    } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      return static_cast<T>(next());
    } else {
      return {&caller_, next()};
    }
  }
  [[nodiscard]] bool valid() const { return valid_; }

 private:
  uint64_t next() { return raw_[position_++]; }

  Caller& caller_;
  std::span<const uint64_t> raw_;
  size_t position_ = 0;
  bool valid_ = true;
};

/// Plays a fault that a test asked for: writes its bytes, if any, where the guest expects the real ones.
template <class... Params>
Status answerWrongly(const Fault& fault, std::tuple<Params...>& arguments) {
  Status status = fault.status;
  auto handOver = [&](auto& argument) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(argument)>, OutBytes>) {
      if (fault.bytes && argument.write(*fault.bytes) != Status::Ok) status = Status::InvalidMemoryAccess;
      if (fault.place && !argument.writePlace(fault.place->address, fault.place->size))
        status = Status::InvalidMemoryAccess;
    }
  };
  std::apply([&](auto&... each) { (handOver(each), ...); }, arguments);
  return status;
}

/// The parameters of each hostcall, as the ABI's table has them.
constexpr auto kHostcallParameters = std::to_array<std::string_view>({
#define SLUICE_HOSTCALL_PARAMETERS(first, last, name, params) #params,
    SLUICE_ABI_HOSTCALLS(SLUICE_HOSTCALL_PARAMETERS)
#undef SLUICE_HOSTCALL_PARAMETERS
});

using Implementation = Status (*)(Caller&, std::span<const uint64_t>);

template <Hostcall hostcall, class AbiFunction, auto member>
struct Binding;
template <Hostcall hostcall, class AbiFunction, class... Params, Status (Hostcalls::*member)(Params...)>
struct Binding<hostcall, AbiFunction, member> {
  static_assert(
      std::is_same_v<typename Join<typename Expand<Params>::Types...>::Types, typename ParamsOf<AbiFunction>::Types>,
      "the implementation's parameters are not those of the ABI's table");

  static Status call(Caller& caller, std::span<const uint64_t> raw) {
    Reader reader(caller, raw);
    std::tuple<Params...> arguments{reader.take<Params>()...};  // Braces evaluate from left to right.
    if (Recorder* recorder = caller.host().recorder) return recorded(*recorder, caller, reader, arguments);
    return perform(caller, reader, arguments).status;
  }

 private:
  struct Performed {
    Status status;
    bool hasResults;  // The results are where the guest expects them.
  };

  static Performed perform(Caller& caller, const Reader& reader, std::tuple<Params...>& arguments) {
    if (auto fault = caller.host().faults.next(nameOf(hostcall))) {
      return {answerWrongly(*fault, arguments), fault->bytes.has_value()};
    }
    if (!reader.valid()) return {Status::InvalidMemoryAccess, false};
    Hostcalls hostcalls(caller);
    const Status status = std::apply([&](const Params&... each) { return (hostcalls.*member)(each...); }, arguments);
    return {status, status == Status::Ok};
  }

  static Status recorded(Recorder& recorder, Caller& caller, const Reader& reader, std::tuple<Params...>& arguments) {
    HostcallValues values(nameOf(hostcall), kHostcallParameters[static_cast<size_t>(hostcall)]);
    if (Crossing* crossing = recorder.open()) crossing->arguments = values.arguments(arguments);
    const Performed performed = perform(caller, reader, arguments);
    if (Crossing* crossing = recorder.open()) {
      crossing->status = performed.status;
      if (performed.hasResults) crossing->results = values.results(arguments);
    }
    return performed.status;
  }
};

struct Row {
  Signature signature;
  Implementation implementation;
};

const std::array<Row, kHostcalls.size()>& rows() {
  static const std::array<Row, kHostcalls.size()> table = {{
#define SLUICE_HOSTCALL_BINDING(first, last, name, params) \
  {abi32::SignatureOf<abi32::type::name>::get(), &Binding<Hostcall::name, abi32::type::name, &Hostcalls::name>::call},
      SLUICE_ABI_HOSTCALLS(SLUICE_HOSTCALL_BINDING)
#undef SLUICE_HOSTCALL_BINDING
  }};
  return table;
}

}  // namespace

Signature hostcallSignature(Hostcall hostcall) { return rows()[static_cast<size_t>(hostcall)].signature; }

Status callHostcall(Caller& caller, Hostcall hostcall, std::span<const uint64_t> arguments) {
  auto index = static_cast<size_t>(hostcall);
  ++caller.host().hostcalls[index];
  return rows()[index].implementation(caller, arguments);
}

}  // namespace sluice::host
