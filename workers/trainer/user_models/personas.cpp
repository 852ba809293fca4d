#include "workers/trainer/user_models/personas.hpp"

#include "workers/trainer/user_models/head_math.hpp"

namespace fairsweep {
namespace {

/// Added to squared lengths, so that a persona of nothing has an angle.
constexpr double k_least_square = 1e-24;

at::Tensor length_of(const at::Tensor& vectors) { return at::sqrt((vectors * vectors).sum(-1) + k_least_square); }

}  // namespace

/// All personas see all candidates. C entries each where a persona matters.
struct Personas::Look {
  at::Tensor features, key, key_length;          ///< [K, n, B, d] f and f B, [K, n, B]
  std::vector<at::Tensor> query, query_length;   ///< [K, B, d] w^c A, [K, B]
  std::vector<at::Tensor> cosine, share, value;  ///< [K, n, B]
  at::Tensor score;                              ///< [K, n, B]
};

std::vector<SharedMatrix> Personas::shared(std::int64_t inputs) const {
  const double deviation = inverse_root(size_);
  return {{"feature_map", true, inputs, size_, inverse_root(inputs)},
          {"attend_person", false, size_, size_, deviation},
          {"attend_candidate", false, size_, size_, deviation}};
}

Personas::Look Personas::look(const HeadInput& input) const {
  Look look;
  const at::Tensor features = head_features(input);
  look.features = by_candidate(features, input.candidates);
  look.key = by_candidate(at::bmm(features, input.shared[2]), input.candidates);
  look.key_length = length_of(look.key);
  at::Tensor total;
  for (std::int64_t c = 0; c < count_; ++c) {
    const at::Tensor persona = input.own.narrow(2, c * size_, size_);
    look.query.push_back(at::bmm(persona, input.shared[1]));
    look.query_length.push_back(length_of(look.query.back()));
    look.cosine.push_back((look.key * look.query.back().unsqueeze(1)).sum(-1) / look.key_length /
                          look.query_length.back().unsqueeze(1));
    look.value.push_back((look.features * persona.unsqueeze(1)).sum(-1));
    look.share.push_back(at::exp(look.cosine.back()));  // a cosine is at most 1: nothing overflows
    total = c == 0 ? look.share.front() : total + look.share.back();
  }
  for (std::int64_t c = 0; c < count_; ++c) {
    at::Tensor& share = look.share[static_cast<std::size_t>(c)];
    share = share / total;
    const at::Tensor part = share * look.value[static_cast<std::size_t>(c)];
    look.score = c == 0 ? part : look.score + part;
  }
  return look;
}

at::Tensor Personas::scores(const HeadInput& input, HeadTrace* trace) const {
  Look seen = look(input);
  if (trace != nullptr) {
    *trace = {seen.features, seen.key, seen.key_length, seen.score};
    for (const auto* list : {&seen.query, &seen.query_length, &seen.cosine, &seen.share, &seen.value})
      trace->insert(trace->end(), list->begin(), list->end());
  }
  return seen.score;
}

HeadGradient Personas::back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                            const std::vector<at::Tensor>& shared_gradients) const {
  const at::Tensor &features = trace[0], &key = trace[1], &key_length = trace[2], &score = trace[3];
  const auto kept = [&](std::int64_t list, std::int64_t c) -> const at::Tensor& {
    return trace[static_cast<std::size_t>(4 + list * count_ + c)];
  };
  const bool all = !shared_gradients.empty();
  at::Tensor of_key, of_features, of_attend;
  std::vector<at::Tensor> of_own;
  for (std::int64_t c = 0; c < count_; ++c) {
    const at::Tensor persona = input.own.narrow(2, c * size_, size_);
    const at::Tensor &query = kept(0, c), &query_length = kept(1, c), &cosine = kept(2, c), &share = kept(3, c);
    const at::Tensor of_value = scores_gradient * share;
    const at::Tensor of_cosine = of_value * (kept(4, c) - score);
    // cos = <key, query> / |key| / |query|: each side's gradient is the other's direction less what is along its own.
    const at::Tensor over_lengths = of_cosine / key_length / query_length.unsqueeze(1);  // [K, n, B]
    const at::Tensor along_query = -of_cosine * cosine / (query_length * query_length).unsqueeze(1);
    at::Tensor of_query = sum_over_candidates(over_lengths, key);
    of_query = of_query + sum_over_candidates(along_query, query.unsqueeze(1).expand_as(key));
    of_own.push_back(at::bmm(of_query, input.shared[1].transpose(1, 2)) + sum_over_candidates(of_value, features));
    if (!all)
      continue;
    const at::Tensor along_key = -of_cosine * cosine / (key_length * key_length);
    const at::Tensor key_part = over_lengths.unsqueeze(-1) * query.unsqueeze(1) + along_key.unsqueeze(-1) * key;
    const at::Tensor feature_part = of_value.unsqueeze(-1) * persona.unsqueeze(1);
    const at::Tensor attend_part = at::bmm(persona.transpose(1, 2), of_query);
    of_key = c == 0 ? key_part : of_key + key_part;
    of_features = c == 0 ? feature_part : of_features + feature_part;
    of_attend = c == 0 ? attend_part : of_attend + attend_part;
  }
  HeadGradient gradient;
  gradient.own = at::cat(of_own, 2);
  if (!all)
    return gradient;
  shared_gradients[1].copy_(of_attend);
  const at::Tensor of_key_rows = of_key.flatten(1, 2);
  at::Tensor of_attend_candidate = shared_gradients[2];
  at::bmm_out(of_attend_candidate, features.flatten(1, 2).transpose(1, 2), of_key_rows);
  const at::Tensor of_rows = of_features.flatten(1, 2) + at::bmm(of_key_rows, input.shared[2].transpose(1, 2));
  gradient.phi = features_back(input, of_rows, shared_gradients);
  return gradient;
}

at::Tensor Personas::attention(const HeadInput& input) const { return at::stack(look(input).share, 1); }

std::string Personas::script(const std::string& own) const {
  const std::string size = std::to_string(size_);
  return "    item = hidden.matmul(" + own +
         "feature_map.t())\n"
         "    key = item.matmul(" +
         own +
         "attend_candidate.t())\n"
         "    key_length = torch.sqrt((key * key).sum(-1) + 1e-24)\n"
         "    shares = []\n"
         "    values = []\n"
         "    for c in range(" +
         std::to_string(count_) +
         "):\n"
         "        persona = shown.narrow(1, c * " +
         size + ", " + size +
         ")\n"
         "        query = persona.matmul(" +
         own +
         "attend_person.t())\n"
         "        query_length = torch.sqrt((query * query).sum(-1) + 1e-24)\n"
         "        shares.append(torch.exp((key * query).sum(-1) / key_length / query_length))\n"
         "        values.append((item * persona).sum(-1))\n"
         "    share = torch.stack(shares, 1)\n"
         "    return (share * torch.stack(values, 1)).sum(1) / share.sum(1)\n";
}

}  // namespace fairsweep
