namespace P2PCloud.Architecture.Tests;

/// <summary>Turns violations into one message that says what to do.</summary>
internal static class Rule
{
    public static void Holds(string whatToDo, IEnumerable<string> violations)
    {
        var found = violations.Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count is 0, $"{whatToDo}\n  {string.Join("\n  ", found)}");
    }
}
