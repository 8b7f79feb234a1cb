using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.ClusterLoad;

/// <summary>An operation of the load before it is started.</summary>
/// <param name="Due">Time since the load began.</param>
/// <param name="Subject">What it is about; what a put writes is chosen when it starts.</param>
internal sealed record DueOperation(TimeSpan Due, OperationSubject Subject);

/// <summary>When which operation is due. Each stream has one operation in each of its periods, at a uniform instant within it.</summary>
internal static class LoadSchedule
{
    /// <summary>Operations a second by stream, without the streams that have none.</summary>
    public static IReadOnlyDictionary<string, double> RatesOf(LoadOptions options)
    {
        var rates = Techniques.All.ToDictionary(
            technique => technique, technique => options.LookupRates.GetValueOrDefault(technique), StringComparer.Ordinal);
        rates[Streams.Put] = options.PutRate;
        rates[Streams.Get] = options.GetRate;
        rates[Streams.Download] = options.DownloadRate;
        return rates.Where(stream => stream.Value > 0).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The operations in the order in which they are due; without end, unless all rates are zero.</summary>
    public static IEnumerable<DueOperation> Of(LoadOptions options, LoadItems items)
    {
        var random = new SplitMix64(options.Seed);
        var next = new PriorityQueue<(string Stream, double Rate, long Number, SplitMix64 Random), TimeSpan>();
        foreach (var (stream, rate) in RatesOf(options))
        {
            var own = new SplitMix64(random.NextBits());
            next.Enqueue((stream, rate, 0, own), DueOf(0, rate, own));
        }

        while (next.TryDequeue(out var first, out var due))
        {
            yield return new DueOperation(due, SubjectOf(first.Stream, items, first.Random));
            next.Enqueue(first with { Number = first.Number + 1 }, DueOf(first.Number + 1, first.Rate, first.Random));
        }
    }

    private static TimeSpan DueOf(long number, double rate, SplitMix64 random) => TimeSpan.FromSeconds((number + random.NextUnit()) / rate);

    private static OperationSubject SubjectOf(string stream, LoadItems items, SplitMix64 random) => stream switch
    {
        Streams.Put => new(OperationKind.Put, Phase.Load, Key: items.Keys[random.NextBelow(items.Keys.Count)]),
        Streams.Get => new(OperationKind.Get, Phase.Load, Key: items.Keys[random.NextBelow(items.Keys.Count)]),
        Streams.Download => new(OperationKind.Download, Phase.Load, File: items.Files[random.NextBelow(items.Files.Count)].ContentId),
        _ => new(OperationKind.Lookup, Phase.Load, Technique: stream, File: items.Files[random.NextBelow(items.Files.Count)].ContentId),
    };
}
