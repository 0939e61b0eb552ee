// Calls for the state that filters share: shared data and shared queues. Also foreign functions.
#include <optional>
#include <string>

#include "steps.h"

using namespace sluice;

namespace script {

namespace {

template <class T>
void report(const Call& call, const Result<SharedValue<T>>& found) {
  if (!found)
    call.report(found.status());
  else
    logInfo(call.function, " = ", found->value, " cas ", found->cas);
}

// Adds the argument to the integer. A foreign function of the test runs during the update, in which others may call.
template <class T>
Status addWithOthers(const Call& call) {
  return updateSharedData<T>(
      call.text(0),
      [&call](std::optional<T> present) {
        static_cast<void>(callForeignFunction("others"));
        return static_cast<T>(present.value_or(0) + call.number<T>(1));
      },
      call.number<uint32_t>(2, kSharedDataAttempts));
}

bool callSharedData(const Call& call) {
  if (call.function == "getSharedData") {
    report(call, getSharedData(call.text(0)));
  } else if (call.function == "getShared32") {
    report(call, getSharedData<int32_t>(call.text(0)));
  } else if (call.function == "getShared64") {
    report(call, getSharedData<uint64_t>(call.text(0)));
  } else if (call.function == "setSharedData") {
    call.report(setSharedData(call.text(0), call.text(1), call.number<uint32_t>(2)));
  } else if (call.function == "setShared32") {
    call.report(setSharedData(call.text(0), call.number<int32_t>(1), call.number<uint32_t>(2)));
  } else if (call.function == "setShared64") {
    call.report(setSharedData(call.text(0), call.number<uint64_t>(1), call.number<uint32_t>(2)));
  } else if (call.function == "addShared32") {
    call.report(addSharedData<int32_t>(call.text(0), call.number<int32_t>(1)));
  } else if (call.function == "addShared64") {
    call.report(
        addSharedData<uint64_t>(call.text(0), call.number<uint64_t>(1), call.number<uint32_t>(2, kSharedDataAttempts)));
  } else if (call.function == "addWithOthers") {
    call.report(addWithOthers<int64_t>(call));
  } else if (call.function == "appendShared") {
    call.report(updateSharedData(call.text(0), [&call](std::optional<std::string_view> present) {
      return std::string(present.value_or("new:")) + std::string(call.text(1));
    }));
  } else if (call.function == "updateGivesUp") {
    call.report(updateSharedData(
        call.text(0), [](std::optional<std::string_view>) -> Result<std::string_view> { return Status::Empty; }));
  } else if (call.function == "updateMayGiveUp") {
    call.report(updateSharedData<uint64_t>(call.text(0), [](auto) -> Result<uint64_t> { return uint64_t{42}; }));
  } else {
    return false;
  }
  return true;
}

bool callQueue(const Call& call) {
  if (call.function == "registerSharedQueue") {
    const auto queue = registerSharedQueue(call.text(0));
    if (queue.ok())
      call.reportValue(queue->id());
    else
      call.report(queue.status());
  } else if (call.function == "resolveSharedQueue") {
    const auto queue =
        call.arguments.size() < 2 ? resolveSharedQueue(call.text(0)) : resolveSharedQueue(call.text(0), call.text(1));
    if (queue.ok())
      call.reportValue(queue->id());
    else
      call.report(queue.status());
  } else if (call.function == "enqueue") {
    call.report(SharedQueue(call.number<uint32_t>(0)).enqueue(call.text(1)));
  } else if (call.function == "dequeue") {
    call.report(SharedQueue(call.number<uint32_t>(0)).dequeue());
  } else if (call.function == "enqueueMany") {
    const SharedQueue queue(call.number<uint32_t>(0));
    const auto count = call.number<uint32_t>(1);
    uint32_t taken = 0;
    while (taken < count && queue.enqueue(std::to_string(taken)) == Status::Ok) ++taken;
    call.reportValue(taken);
  } else if (call.function == "noQueue") {
    call.report(SharedQueue().enqueue("value"));
    call.reportValue(SharedQueue() == SharedQueue(0));
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool callSharedState(const Call& call) {
  if (call.function == "callForeignFunction") {
    call.report(call.arguments.size() < 2 ? callForeignFunction(call.text(0))
                                          : callForeignFunction(call.text(0), call.text(1)));
    return true;
  }
  return callSharedData(call) || callQueue(call);
}

}  // namespace script
