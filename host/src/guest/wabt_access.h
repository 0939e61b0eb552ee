// Access to wabt's private functions that step the interpreter.
//
// wabt's public function to run code neither counts instructions nor stops after a number of them. Private members of
// wabt can do both. An explicit template instantiation may name private members ([temp.spec.general]/6 exempts it from
// access checks), so this header uses one instead of a patched copy of the library. No other file of the host uses
// private members of wabt.
#pragma once

#include "wabt/interp/interp.h"

namespace sluice::host::wabt_access {

using wabt::interp::DefinedFunc;
using wabt::interp::Frame;
using wabt::interp::Func;
using wabt::interp::RunResult;
using wabt::interp::Thread;
using wabt::interp::Trap;
using wabt::interp::Value;
using wabt::interp::Values;
using wabt::interp::ValueTypes;

template <class Tag, typename Tag::Type member>
struct Expose {
  friend typename Tag::Type reach(Tag) { return member; }
};

struct Step {
  using Type = RunResult (Thread::*)(Trap::Ptr*);
  friend Type reach(Step);
};
struct PushCall {
  using Type = RunResult (Thread::*)(const DefinedFunc&, Trap::Ptr*);
  friend Type reach(PushCall);
};
struct PushValues {
  using Type = void (Thread::*)(const ValueTypes&, const Values&);
  friend Type reach(PushValues);
};
struct PopValues {
  using Type = void (Thread::*)(const ValueTypes&, Values*);
  friend Type reach(PopValues);
};
struct Frames {
  using Type = std::vector<Frame> Thread::*;
  friend Type reach(Frames);
};
struct PopCall {
  using Type = RunResult (Thread::*)();
  friend Type reach(PopCall);
};
struct DoCall {
  using Type = RunResult (Thread::*)(const Func::Ptr&, Trap::Ptr*);
  friend Type reach(DoCall);
};
struct ValueStack {
  using Type = std::vector<Value> Thread::*;
  friend Type reach(ValueStack);
};
struct CodeBytes {
  using Type = wabt::interp::Buffer wabt::interp::Istream::*;
  friend Type reach(CodeBytes);
};

template struct Expose<Step, &Thread::StepInternal>;
template struct Expose<PushCall, &Thread::PushCall>;
template struct Expose<PushValues, &Thread::PushValues>;
template struct Expose<PopValues, &Thread::PopValues>;
template struct Expose<Frames, &Thread::frames_>;
template struct Expose<PopCall, &Thread::PopCall>;
template struct Expose<DoCall, &Thread::DoCall>;
template struct Expose<ValueStack, &Thread::values_>;
template struct Expose<CodeBytes, &wabt::interp::Istream::data_>;

}  // namespace sluice::host::wabt_access
