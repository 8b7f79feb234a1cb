namespace P2PCloud.Overlays.Chord;

/// <summary>Known mistakes that a node makes on purpose, so that the checks of the simulator can be shown to find them.</summary>
[Flags]
internal enum PlantedDefects
{
    /// <summary>None: the protocol.</summary>
    None = 0,

    /// <summary>The join of 2001: a successor only, no list.</summary>
    JoinsWithSuccessorOnly = 1,

    /// <summary>Adopts the successor's predecessor without asking it first.</summary>
    AdoptsUnchecked = 2,

    /// <summary>notify puts a dead node in the predecessor's place.</summary>
    AcceptsDeadPredecessor = 4,

    /// <summary>Takes keys in (predecessor, n) instead of (predecessor, n].</summary>
    OwnsOpenInterval = 8,

    /// <summary>Answers for its keys before they are handed over.</summary>
    AnswersBeforeHandOver = 16,
}
