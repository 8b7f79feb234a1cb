using System.Globalization;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>
/// Whether nodes remember more and more in the course of a run. Caches that are bounded fill for the better part of an hour, more so while nodes
/// come and go: short runs show only what grows fast.
/// </summary>
internal sealed class Growth(SearchCloud cloud, double hours)
{
    /// <summary>So many measurements at least make a judgement, some minutes apart.</summary>
    private const int SamplesMin = 15;

    private const double LongHours = 6;
    private const double FactorMaxLong = 1.5;
    private const double FactorMaxShort = 3;

    /// <summary>Calls under way when no search is: one to each neighbour, to BOOT and to the directory or leader.</summary>
    private const int CallsMax = 32;

    private readonly List<double> _sizes = [];
    private string? _calls;

    /// <summary>Notes the mean state of a node, in a quiet phase without searches.</summary>
    public void Measure()
    {
        var nodes = cloud.Nodes.Cast<SearchPeer>().ToList();
        _sizes.Add(nodes.Average(node => StateSize.Of(node.Engine)));
        var busy = nodes.MaxBy(node => node.Engine.CallsUnderWay)!;
        if (busy.Engine.CallsUnderWay > CallsMax)
        {
            _calls = $"{busy.Name} has {busy.Engine.CallsUnderWay} calls under way in quiescence";
        }
    }

    /// <summary>What grew; null when nothing did, or the run was too short to tell.</summary>
    public string? Finding()
    {
        if (_calls is not null || _sizes.Count < SamplesMin)
        {
            return _calls;
        }

        var third = _sizes.Count / 3;
        var (middle, last) = (_sizes.Skip(third).Take(third).Average(), _sizes.TakeLast(third).Average());
        return last > middle * (hours >= LongHours ? FactorMaxLong : FactorMaxShort)
            ? string.Create(CultureInfo.InvariantCulture, $"a node remembers {last:f0} items on average, {middle:f0} in the third before")
            : null;
    }
}
