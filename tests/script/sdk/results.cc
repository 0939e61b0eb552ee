#include <cstdlib>

#include "steps.h"

using namespace sluice;

namespace script {

bool callResult(const Call& call) {
  const Result<std::string_view> failed = Status::NotFound;
  if (call.function == "dereferenceFailed") {
    call.reportValue(*failed);
  } else if (call.function == "arrowOfFailed") {
    call.reportValue(failed->size());
  } else if (call.function == "results") {
    Result<std::string> text = std::string("text");
    text->append(" and more");
    *text += " of it";
    call.reportValue(*text);
    call.reportValue(text.valueOr("fallback"));
    call.reportValue(failed.valueOr("fallback"));
    call.reportValue(text.ok() && text && !failed.ok() && !failed);
    call.report(text.status());
    call.report(failed.status());
    // A Result with status Ok but without a value is a failure.
    call.report(Result<int>(Status::Ok).status());
  } else if (call.function == "compareStrings") {
    // The module has its own string functions.
    const auto a = call.text(0);
    const auto b = call.text(1);
    logInfo(a<b, ' ', a == b, ' ', a> b, ' ', a.find(b) != a.npos, ' ', std::string(call.text(0)).c_str() == b, ' ',
            a.find('\0') == a.npos);
  } else if (call.function == "abort") {
    std::abort();
  } else if (call.function == "allocate") {
    // Only the .wasm run calls this: in a native run `new` throws, which ends a program without exceptions.
    auto* volatile block = new char[call.number<size_t>(0)];
    block[0] = 'x';
    delete[] block;
    call.report(Status::Ok);
  } else {
    return false;
  }
  return true;
}

}  // namespace script
