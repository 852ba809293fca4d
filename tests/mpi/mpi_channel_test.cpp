// The contract of Channel over MPI. Started by mpirun; every rank runs every test, and a rank that fails makes mpirun
// fail. There is no collective between the tests, so a failing rank hangs nobody.
#include <gtest/gtest.h>

#include <cstring>  // for strcmp
#include <iostream>

#include "core/transport/mpi_channel.hpp"
#include "tests/contract/channel_contract.hpp"

namespace {

using fairsweep::testing::ContractRank;
using fairsweep::testing::ContractTest;

class ContractCase : public ::testing::Test {
 public:
  ContractCase(ContractRank& rank, const ContractTest& test, std::uint32_t number)
      : rank_(rank), test_(test), number_(number) {}
  void TestBody() override {
    rank_.begin_test(number_);
    test_.body(rank_);
  }

 private:
  ContractRank& rank_;
  const ContractTest& test_;
  std::uint32_t number_;
};

/// Fails on one rank only: proof that such a failure is seen from outside.
class FailingCase : public ::testing::Test {
 public:
  void TestBody() override { FAIL() << "as asked by --fail-on-rank"; }
};

/// What ranks other than 0 print: their failures.
class FailurePrinter : public ::testing::EmptyTestEventListener {
 public:
  explicit FailurePrinter(int rank) : rank_(rank) {}
  void OnTestPartResult(const ::testing::TestPartResult& result) override {
    if (result.failed()) {
      std::cerr << "rank " << rank_ << ": " << (result.file_name() == nullptr ? "" : result.file_name()) << ":"
                << result.line_number() << ": " << result.summary() << std::endl;
    }
  }

 private:
  int rank_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::unique_ptr<fairsweep::MpiChannel> channel = fairsweep::make_mpi_channel(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  int wanted_size = 0;
  int failing_rank = -1;
  for (int i = 1; i + 1 < argc; i += 2) {
    (std::strcmp(argv[i], "--fail-on-rank") == 0 ? failing_rank : wanted_size) = std::atoi(argv[i + 1]);
  }
  if (channel->size() != wanted_size) {
    std::cerr << "started with " << channel->size() << " ranks, not " << wanted_size << std::endl;
    return 1;
  }
  if (channel->rank() != 0) {
    auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailurePrinter(channel->rank()));
  }
  ContractRank rank(*channel);
  std::uint32_t number = 0;
  for (const ContractTest& test : fairsweep::testing::channel_contract()) {
    ++number;
    ::testing::RegisterTest(
        "MpiContract", test.name, nullptr, nullptr, __FILE__, __LINE__,
        [&rank, &test, number]() -> ::testing::Test* { return new ContractCase(rank, test, number); });
  }
  if (channel->rank() == failing_rank) {
    ::testing::RegisterTest("MpiContract", "FailsAsAsked", nullptr, nullptr, __FILE__, __LINE__,
                            []() -> ::testing::Test* { return new FailingCase; });
  }
  const int failed = RUN_ALL_TESTS();
  channel->finish(false, failed);
  return failed;
}
