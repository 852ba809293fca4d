#include "tests/contract/channel_contract.hpp"

#include <algorithm>
#include <ctime>
#include <map>

namespace fairsweep::testing {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Rank 0 hears from everybody, then everybody from rank 0: nobody leaves before all are here.
void meet(ContractRank& rank) {
  if (rank.rank() == 0) {
    for (int other = 1; other < rank.size(); ++other) {
      rank.receive();
    }
    for (int other = 1; other < rank.size(); ++other) {
      rank.send(other, {});
    }
  } else {
    rank.send(0, {});
    rank.receive();
  }
  rank.drain();
}

void ranks_are_numbered(ContractRank& rank) {
  EXPECT_GE(rank.size(), 1);
  EXPECT_GE(rank.rank(), 0);
  EXPECT_LT(rank.rank(), rank.size());
  meet(rank);
}

void everybody_hears_everybody(ContractRank& rank) {
  for (int other = 0; other < rank.size(); ++other) {
    rank.send_number(other, static_cast<std::uint64_t>(rank.rank() * 1000 + other));
  }
  std::vector<int> heard(static_cast<std::size_t>(rank.size()));
  for (int i = 0; i < rank.size(); ++i) {
    const Envelope envelope = rank.receive();
    ASSERT_GE(envelope.source, 0);
    ++heard.at(static_cast<std::size_t>(envelope.source));
    EXPECT_EQ(ContractRank::number(envelope), static_cast<std::uint64_t>(envelope.source * 1000 + rank.rank()));
  }
  for (const int times : heard) {
    EXPECT_EQ(times, 1);
  }
  rank.drain();
}

// Sizes on both sides of every protocol switch of MPI (eager, rendezvous), and none at all.
void messages_arrive_whole_and_in_order(ContractRank& rank) {
  const std::vector<std::size_t> sizes = {0, 1, 7, 64, 500, 4095, 4096, 4097, 65536, 100, 0, 1 << 20, 3, 70000, 1};
  const int next = (rank.rank() + 1) % rank.size();
  const int previous = (rank.rank() + rank.size() - 1) % rank.size();
  const auto byte = [](std::size_t message, std::size_t at, int source) {
    return static_cast<std::uint8_t>(message * 31 + at * 7 + static_cast<std::size_t>(source));
  };
  for (std::size_t message = 0; message < sizes.size(); ++message) {
    std::vector<std::uint8_t> bytes(sizes[message]);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      bytes[at] = byte(message, at, rank.rank());
    }
    rank.send(next, bytes);
  }
  for (std::size_t message = 0; message < sizes.size(); ++message) {
    const Envelope envelope = rank.receive();
    ASSERT_EQ(envelope.source, previous);
    ASSERT_EQ(envelope.bytes.size(), sizes[message]) << "message " << message;
    for (std::size_t at = 0; at < envelope.bytes.size(); ++at) {
      ASSERT_EQ(envelope.bytes[at], byte(message, at, previous)) << "message " << message << ", byte " << at;
    }
  }
  rank.drain();
}

// Everybody sends 2,000 messages before anybody receives one. A send that waited for its receiver would never end.
void send_never_blocks(ContractRank& rank) {
  constexpr std::uint64_t k_messages = 2000;
  const Clock::time_point begin = Clock::now();
  for (std::uint64_t i = 0; i < k_messages; ++i) {
    std::vector<std::uint8_t> bytes(i % 10 == 0 ? 10000 : sizeof i);
    std::memcpy(bytes.data(), &i, sizeof i);
    for (int other = 0; other < rank.size(); ++other) {
      if (other != rank.rank()) {
        rank.send(other, bytes);
      }
    }
  }
  EXPECT_LT(seconds_since(begin), 20);
  std::map<int, std::uint64_t> next;
  for (std::uint64_t i = 0; i < k_messages * static_cast<std::uint64_t>(rank.size() - 1); ++i) {
    const Envelope envelope = rank.receive();
    ASSERT_GE(envelope.bytes.size(), sizeof(std::uint64_t));
    std::uint64_t number = 0;
    std::memcpy(&number, envelope.bytes.data(), sizeof number);
    ASSERT_EQ(number, next[envelope.source]++) << "from rank " << envelope.source;
  }
  rank.drain();
}

void the_sender_may_reuse_its_bytes(ContractRank& rank) {
  const int next = (rank.rank() + 1) % rank.size();
  std::vector<std::uint8_t> bytes(100000, 1);
  rank.send(next, bytes);
  bytes.assign(bytes.size(), 2);
  rank.send(next, bytes);
  for (const std::uint8_t expected : {1, 2}) {
    EXPECT_EQ(rank.receive().bytes, std::vector<std::uint8_t>(100000, expected));
  }
  rank.drain();
}

// Rank 0 listens while everybody waits for it, the others before they speak: silence on all sides.
void nothing_is_received_where_nothing_was_sent(ContractRank& rank) {
  const auto listen = [&rank] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_FALSE(rank.channel().try_receive().has_value()) << "rank " << rank.rank();
    }
  };
  meet(rank);
  if (rank.rank() == 0) {
    for (int other = 1; other < rank.size(); ++other) {
      rank.receive();
    }
    listen();
    for (int other = 1; other < rank.size(); ++other) {
      rank.send(other, {});
    }
  } else {
    listen();
    rank.send(0, {});
    rank.receive();
  }
  rank.drain();
}

void waiting_sleeps_and_does_not_spin(ContractRank& rank) {
  meet(rank);
  const double busy_before = processor_seconds();
  const Clock::time_point begin = Clock::now();
  while (seconds_since(begin) < 0.5) {
    rank.channel().wait(100);
  }
  const double busy = processor_seconds() - busy_before;
  EXPECT_LT(busy, 0.25) << "half a second of waiting kept the processor busy";
  meet(rank);
}

void waiting_is_never_much_too_long(ContractRank& rank) {
  meet(rank);
  const Clock::time_point begin = Clock::now();
  rank.channel().wait(30);
  EXPECT_LT(seconds_since(begin), 5);
  rank.channel().wait(0);
  EXPECT_LT(seconds_since(begin), 5);
  meet(rank);
}

// The wait is 30 s long; the message comes after 0.2 s and must end it.
void a_message_ends_the_wait(ContractRank& rank) {
  if (rank.size() == 1) {
    rank.send(0, {1});
    rank.channel().wait(30000);
    EXPECT_EQ(rank.receive().bytes.size(), 1U);
    return;
  }
  meet(rank);
  const Clock::time_point begin = Clock::now();
  if (rank.rank() == 0) {
    while (seconds_since(begin) < 0.2) {
      rank.channel().wait(10);
    }
    for (int other = 1; other < rank.size(); ++other) {
      rank.send(other, {1});
    }
    rank.drain();
  } else {
    rank.channel().wait(30000);
    EXPECT_EQ(rank.receive().bytes.size(), 1U);
    EXPECT_LT(seconds_since(begin), 15);
  }
  meet(rank);
}

// The coordinator's pattern: everybody asks, rank 0 answers whoever has asked.
void a_thousand_questions_get_their_answers(ContractRank& rank) {
  constexpr std::uint64_t k_questions = 1000;
  if (rank.rank() == 0) {
    const auto expected = k_questions * static_cast<std::uint64_t>(rank.size() - 1);
    for (std::uint64_t i = 0; i < expected; ++i) {
      const Envelope envelope = rank.receive();
      ASSERT_GT(envelope.source, 0);
      rank.send_number(envelope.source, ContractRank::number(envelope) * 2);
    }
  } else {
    for (std::uint64_t i = 0; i < k_questions; ++i) {
      rank.send_number(0, i);
      const Envelope answer = rank.receive();
      ASSERT_EQ(answer.source, 0);
      ASSERT_EQ(ContractRank::number(answer), i * 2);
    }
  }
  rank.drain();
}

// One rank talks without pause; the others' single words must come through all the same.
void a_loud_rank_silences_nobody(ContractRank& rank) {
  constexpr int k_loud = 3000;
  if (rank.rank() == 0) {
    std::map<int, int> heard;
    for (int i = 0; i < (rank.size() > 1 ? k_loud : 0) + std::max(rank.size() - 2, 0); ++i) {
      const Envelope envelope = rank.receive();
      ASSERT_GT(envelope.source, 0);
      ++heard[envelope.source];
    }
    for (int other = 1; other < rank.size(); ++other) {
      EXPECT_EQ(heard[other], other == 1 ? k_loud : 1);
    }
    for (int other = 1; other < rank.size(); ++other) {
      rank.send(other, {});
    }
  } else {
    for (int i = 0; i < (rank.rank() == 1 ? k_loud : 1); ++i) {
      rank.send(0, std::vector<std::uint8_t>(300, 7));
    }
    rank.receive();
  }
  rank.drain();
}

}  // namespace

const std::vector<ContractTest>& channel_contract() {
  static const std::vector<ContractTest> tests = {
      {"RanksAreNumbered", ranks_are_numbered},
      {"EverybodyHearsEverybody", everybody_hears_everybody},
      {"MessagesArriveWholeAndInOrder", messages_arrive_whole_and_in_order},
      {"SendNeverBlocks", send_never_blocks},
      {"TheSenderMayReuseItsBytes", the_sender_may_reuse_its_bytes},
      {"NothingIsReceivedWhereNothingWasSent", nothing_is_received_where_nothing_was_sent},
      {"WaitingSleepsAndDoesNotSpin", waiting_sleeps_and_does_not_spin},
      {"WaitingIsNeverMuchTooLong", waiting_is_never_much_too_long},
      {"AMessageEndsTheWait", a_message_ends_the_wait},
      {"AThousandQuestionsGetTheirAnswers", a_thousand_questions_get_their_answers},
      {"ALoudRankSilencesNobody", a_loud_rank_silences_nobody},
  };
  return tests;
}

}  // namespace fairsweep::testing
