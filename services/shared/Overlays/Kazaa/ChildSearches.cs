using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>
/// A child's searches. One whose leader does not answer, or is none any more, waits for the child to attach to another and is made once
/// more; it fails when nobody takes the child in time. Part of an engine.
/// </summary>
/// <param name="engine">Whose calls are used.</param>
/// <param name="parameters">See there.</param>
/// <param name="lost">Called with a leader that did not answer as one.</param>
internal sealed class ChildSearches(Engine engine, KazaaParameters parameters, Action<NodeRef> lost)
{
    private readonly HashSet<Waiter> _waiting = [];

    /// <summary>Begins a search, at once or when there is a leader.</summary>
    /// <param name="commandId">To be completed.</param>
    /// <param name="search">The question.</param>
    /// <param name="leader">Where to ask; null when there is none.</param>
    /// <param name="looking">Whether the child is looking for a leader.</param>
    public void Begin(long commandId, SearchCommand search, NodeRef? leader, bool looking)
    {
        var lookupId = DescriptorId.FromRandomBits(engine.Random.NextBits(), engine.Random.NextBits()).ToString();
        var attempt = new Attempt(commandId, search, lookupId, [], 0, IsLast: leader is null);
        if (search.Query.Length > SearchTerms.QueryLengthMax || (leader is null && !looking))
        {
            Fail(attempt);
        }
        else if (leader is null)
        {
            Wait(attempt);
        }
        else
        {
            Ask(attempt, leader);
        }
    }

    /// <summary>The child has another leader now, or, with null, has found none.</summary>
    public void Attached(NodeRef? leader)
    {
        foreach (var waiter in _waiting.ToList())
        {
            End(waiter, leader);
        }
    }

    private void Wait(Attempt attempt)
    {
        var waiter = new Waiter(attempt);
        _waiting.Add(waiter);
        waiter.Timer = engine.After(parameters.SearchPatience, () => End(waiter, null));
    }

    private void End(Waiter waiter, NodeRef? leader)
    {
        _waiting.Remove(waiter);
        engine.Cancel(waiter.Timer);
        if (leader is null)
        {
            Fail(waiter.Attempt);
        }
        else
        {
            Ask(waiter.Attempt, leader);
        }
    }

    private void Ask(Attempt attempt, NodeRef leader)
    {
        var sentAt = engine.Now;
        var timeout = parameters.Flood.StepTimeout * (parameters.Ttl + 2);
        engine.Call(leader, new ChildSearchRequest(attempt.LookupId, attempt.Search.Query, attempt.Search.Limit), timeout, reply =>
        {
            var hop = new Hop(engine.Self.Name, leader.Name, false, engine.ElapsedMs(sentAt));
            if (reply is { Searched: true })
            {
                Complete(attempt, hop with { Children = reply.Hops.Count > 0 ? reply.Hops : null }, reply);
                return;
            }

            if (reply is null)
            {
                engine.MarkFailed(new HopMark(Techniques.Kazaa, attempt.LookupId, 0, engine.Self.Name, leader.Name), sentAt);
                hop = hop with { Outcome = HopOutcomes.Unreachable };
            }

            Again(attempt with { Hops = [.. attempt.Hops, hop], Messages = attempt.Messages + (reply is null ? 1 : 2) }, leader);
        });
    }

    private void Again(Attempt attempt, NodeRef leader)
    {
        if (attempt.IsLast)
        {
            lost(leader);
            Fail(attempt);
        }
        else
        {
            Wait(attempt with { IsLast = true });
            lost(leader);
        }
    }

    private void Complete(Attempt attempt, Hop last, ChildSearchReply reply)
    {
        List<Hop> hops = [.. attempt.Hops, last];
        var outcome = hops.All(FloodResult.IsWhole) ? SearchOutcome.Complete : SearchOutcome.Partial;
        engine.Complete(attempt.CommandId, attempt.Search, new SearchResult(
            attempt.LookupId, outcome, reply.Postings.ContentsFirst(attempt.Search.Limit), hops, attempt.Messages + reply.Messages + 2));
    }

    private void Fail(Attempt attempt) => engine.Complete(
        attempt.CommandId, attempt.Search, new SearchResult(attempt.LookupId, SearchOutcome.Failed, [], attempt.Hops, attempt.Messages));

    private sealed record Attempt(
        long CommandId, SearchCommand Search, string LookupId, IReadOnlyList<Hop> Hops, int Messages, bool IsLast);

    private sealed class Waiter(Attempt attempt)
    {
        public Attempt Attempt { get; } = attempt;

        public long Timer { get; set; }
    }
}
