namespace P2PCloud.Simulation.Scenarios;

/// <summary>Counts by name, in the order of names.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Add(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;
}
