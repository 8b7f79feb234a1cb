namespace P2PCloud.Simulation.Scenarios;

/// <summary>Findings of a run: bugs, unless something that the proof does not cover is going on.</summary>
internal sealed class FindingLog(Func<TimeSpan> now)
{
    private const int FindingsMax = 20;

    private readonly HashSet<string> _causes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>Rules that had to hold.</summary>
    public List<Finding> Violations { get; } = [];

    /// <summary>Rules that did not hold under a cause.</summary>
    public List<Finding> Broken { get; } = [];

    /// <summary>Whether the proof's assumptions hold.</summary>
    public bool IsStrict => _causes.Count == 0;

    /// <summary>From now on the proof does not apply.</summary>
    public void Assume(string cause) => _causes.Add(cause);

    /// <summary>The causes are gone, and so are their consequences.</summary>
    public void Restore()
    {
        _causes.Clear();
        _reported.Clear();
    }

    /// <summary>A rule about the ring does not hold.</summary>
    public void Report(string? node, string rule)
    {
        if (IsStrict)
        {
            Fail(node, rule);
        }
        else if (_reported.Add(rule.Split(':')[0]))
        {
            Add(Broken, node, $"{rule} [assumption broken: {string.Join(", ", _causes.Order(StringComparer.Ordinal))}]");
        }
    }

    /// <summary>A rule does not hold that holds whatever happens.</summary>
    public void Fail(string? node, string rule) => Add(Violations, node, rule);

    private void Add(List<Finding> findings, string? node, string what)
    {
        if (findings.Count < FindingsMax)
        {
            findings.Add(new Finding(now(), node, what));
        }
    }
}
