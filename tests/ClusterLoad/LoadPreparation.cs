using System.Collections.Concurrent;
using P2PCloud.Overlays.Common;

namespace P2PCloud.ClusterLoad;

/// <summary>What comes before the load, and the reads after it: operations that are tried again until they succeed.</summary>
internal sealed class LoadPreparation(LoadOptions options, LoadItems items, GatewayOperations operations, TimeProvider time)
{
    private const int Together = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>Writes all keys, shares all files, and waits until each technique of the load finds all files.</summary>
    /// <exception cref="TimeoutException">It took too long; says what was missing.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.PrepareTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var failures = new ConcurrentDictionary<OperationSubject, OperationResult>();
        var shares = items.Files.SelectMany(file => file.Peers.Select(peer =>
            new OperationSubject(OperationKind.Share, Phase.Prepare, File: file.ContentId, Peer: peer)));
        var puts = items.Keys.Select(key => new OperationSubject(OperationKind.Put, Phase.Prepare, Key: key));
        var lookups = options.LookupRates.Where(rate => rate.Value > 0).SelectMany(technique => items.Files.Select(file =>
            new OperationSubject(OperationKind.Lookup, Phase.Prepare, technique.Key, File: file.ContentId)));
        try
        {
            await AllAsync(shares.Concat(puts), failures, either.Token);
            await AllAsync(lookups, failures, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var missing = failures.Select(failure =>
                $"{Streams.Of(failure.Key)} {failure.Key.Key ?? failure.Key.File}: {failure.Value.Outcome} {failure.Value.Detail}");
            throw new TimeoutException(
                $"The cloud was not ready for the load within {options.PrepareTime.TotalSeconds} s. {string.Join("; ", missing)}");
        }
    }

    /// <summary>Reads every key until it is answered, at most so often.</summary>
    public Task ReadAllAsync(int attempts, CancellationToken cancellationToken) =>
        EachAsync(items.Keys, async (key, random) =>
        {
            for (var attempt = 1; ; attempt++)
            {
                var result = await operations.RunAsync(new OperationSubject(OperationKind.Get, Phase.Final, Key: key));
                if (result.Outcome is Outcome.Ok or Outcome.NotFound || attempt >= attempts)
                {
                    return;
                }

                await Task.Delay(random.NextAround(Pause, 0.5), time, cancellationToken);
            }
        }, cancellationToken);

    /// <param name="subjects">Each is carried out again until it succeeds.</param>
    /// <param name="failures">Has those that have not succeeded yet.</param>
    /// <param name="cancellationToken">Gives up between two operations.</param>
    private Task AllAsync(
        IEnumerable<OperationSubject> subjects,
        ConcurrentDictionary<OperationSubject, OperationResult> failures,
        CancellationToken cancellationToken) =>
        EachAsync(subjects, async (subject, random) =>
        {
            while (true)
            {
                var result = await operations.RunAsync(subject.Kind is OperationKind.Put ? subject with { Written = items.NextValue() } : subject);
                if (result.Outcome is Outcome.Ok)
                {
                    failures.TryRemove(subject, out _);
                    return;
                }

                failures[subject] = result;
                await Task.Delay(random.NextAround(Pause, 0.5), time, cancellationToken);
            }
        }, cancellationToken);

    private Task EachAsync<T>(IEnumerable<T> all, Func<T, SplitMix64, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            all.Select((item, number) => (item, number)),
            new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellationToken },
            async (each, _) => await act(each.item, new SplitMix64(options.Seed + (ulong)each.number)));
}
