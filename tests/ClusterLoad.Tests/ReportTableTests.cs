namespace P2PCloud.ClusterLoad.Tests;

public sealed class ReportTableTests
{
    [Fact]
    public void A_scenario_is_a_row()
    {
        var story = new Story().Share('a', "peer-1").Mark("killed", 0.5);
        for (var second = 0; second < 20; second++)
        {
            story.Lookup("chord", 'a', second, second, second is 3 or 4 ? Story.Refused(503) : new OperationResult(Outcome.Ok, 200, Complete: true));
        }

        story.Put("a", 1, 2).Get(null, 3, 4, phase: Phase.Final);
        var table = new ReportTable();
        table.Add("one | peer", story.Check(), [new("killed", TimeSpan.FromSeconds(2))], "no key lost");

        var lines = table.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("| scenario | operations |", lines[0], StringComparison.Ordinal);
        Assert.Equal("| one \\| peer | 21 | refused 503 2 | chord 3.0 s | put 1.0 s | killed: 4.5 s | killed: 2.0 s | 1 | 0 | 0 | none | 0 | Register 1, KeyLost 1 | no key lost |", lines[2]);
    }

    [Fact]
    public void What_has_not_recovered_is_named()
    {
        var story = new Story().Share('a', "peer-1").Mark("killed", 0.5);
        story.Lookup("kazaa", 'a', 1, 2, Story.Refused(503)).Lookup("chord", 'a', 1, 2, Story.Refused(503));
        story.Lookup("napster", 'a', 1, 2, new OperationResult(Outcome.Ok));
        var table = new ReportTable();
        table.Add("all", story.Check(), [], "");

        Assert.Contains("| killed: not by chord and kazaa |", table.ToString(), StringComparison.Ordinal);
    }
}
