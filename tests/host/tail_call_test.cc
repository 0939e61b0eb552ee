// Tail calls, which wabt 1.0.32 compiles wrongly and the host mends.
#include "guest_test.h"

namespace sluice::host {
namespace {

using namespace test;

using TailCallTest = GuestTest;

// Runs `code`, which leaves a number, on a stack that holds others, and says the number.
std::string saying(std::string_view code, std::string_view functions) {
  return guest(std::string(functions) + R"(
    (func (export "proxy_on_configure") (param i32 i32) (result i32) (local $kept i32)
      (local.set $kept (i32.const 7))
      (call $put_digits (i32.add (i32.const 100) )" +
               std::string(code) + R"()) (call $flush)
      (call $put_digits (local.get $kept)) (call $flush)
      (i32.const 1)))");
}

TEST_F(TailCallTest, AFunctionThatComesLaterIsCalled) {
  load(saying("(call $first (i32.const 1))", R"(
    (func $first (param i32) (result i32) (return_call $second (i32.add (local.get 0) (i32.const 1))))
    (func $second (param i32) (result i32) (local i64) (return_call $third (i32.add (local.get 0) (i32.const 1))))
    (func $third (param i32) (result i32) (local.get 0)))"));
  EXPECT_THAT(said(), ElementsAre("103", "7"));
}

TEST_F(TailCallTest, OperandsOfOpenBlocksAreDropped) {
  load(saying("(call $outer (i32.const 1) (i32.const 2))", R"(
    (func $outer (param i32 i32) (result i32) (local i64 i64)
      (i32.const 40) (i32.const 41)
      (block (result i32) (i32.const 42) (i32.const 43)
        (return_call $inner (local.get 0) (local.get 1) (i32.const 3)))
      (drop) (drop))
    (func $inner (param i32 i32 i32) (result i32)
      (i32.add (i32.add (local.get 0) (local.get 1)) (local.get 2))))"));
  EXPECT_THAT(said(), ElementsAre("106", "7"));
}

TEST_F(TailCallTest, AnImportAndATableEntryAreCalledFromABlock) {
  load(saying("(i32.add (call $period) (call $entry (i32.const 1)))", R"(
    (table 2 funcref) (elem (i32.const 0) $set_tick_period $same)
    (type $number (func (param i32) (result i32)))
    (func $same (param i32) (result i32) (local.get 0))
    (func $period (result i32) (local i32)
      (i32.const 40) (block (result i32) (i32.const 41) (return_call $set_tick_period (i32.const 1000))) (drop))
    (func $entry (param i32) (result i32) (local i32)
      (i32.const 40)
      (block (result i32) (i32.const 41) (return_call_indirect (type $number) (i32.const 5) (local.get 0)))
      (drop)))"));
  EXPECT_THAT(said(), ElementsAre("105", "7"));
}

TEST_F(TailCallTest, AnImportInATableIsCalledByTheHostsOwnCall) {
  auto plugin = load(guest(R"(
    (table 1 funcref) (elem (i32.const 0) $set_tick_period)
    (func $on_tick (export "proxy_on_tick") (param i32) (drop (call $again (i32.const 40))))
    (func $again (export "again") (param i32) (result i32)
      (return_call_indirect (param i32) (result i32) (i32.const 0) (i32.const 0))))"));
  EXPECT_EQ(plugin->callback("again", {1}), 0u);
  plugin->callback("proxy_on_tick", {1});
  EXPECT_FALSE(plugin->failure().has_value());
}

TEST_F(TailCallTest, ATableEntryOfAnotherTypeTraps) {
  for (const auto& [name, entry, reason] :
       {std::tuple("again", 0u, "signature mismatch"), std::tuple("absent", 1u, "uninitialized"),
        std::tuple("absent", 9u, "undefined")}) {
    auto fresh = load(guest(R"(
      (table 2 funcref) (elem (i32.const 0) $set_tick_period)
      (func (export "again") (param i32) (return_call_indirect (i32.const 0)))
      (func (export "absent") (param i32) (return_call_indirect (local.get 0))))"));
    try {
      fresh->callback(name, {entry});
      ADD_FAILURE() << name << " did not trap";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  }
}

TEST_F(TailCallTest, ALongChainTakesNoStack) {
  load(saying("(call $even (i32.const 100000))", R"(
    (func $even (param i32) (result i32)
      (if (result i32) (local.get 0) (then (return_call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 2))))
    (func $odd (param i32) (result i32) (local i64)
      (if (result i32) (local.get 0) (then (return_call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1)))))"));
  EXPECT_THAT(said(), ElementsAre("102", "7"));
}

}  // namespace
}  // namespace sluice::host
