namespace P2PCloud.Simulation;

/// <summary>Which node cannot reach which.</summary>
internal sealed class Partitions
{
    private readonly List<(HashSet<int> From, HashSet<int> To)> _cuts = [];

    public void Cut(IEnumerable<int> from, IEnumerable<int> to) => _cuts.Add(([.. from], [.. to]));

    public void Heal() => _cuts.Clear();

    public bool Separate(int from, int to)
    {
        foreach (var cut in _cuts)
        {
            if (cut.From.Contains(from) && cut.To.Contains(to))
            {
                return true;
            }
        }

        return false;
    }
}
