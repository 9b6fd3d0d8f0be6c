namespace BigPanda.Functions.Reconciliation;

/// <summary>A system whose webhooks may be lost. It compares what is open here with what the system's API shows, and changes nothing.</summary>
public interface IReconciledSystem
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <param name="last">What the run before found in this system; null for the first.</param>
    /// <param name="isDryRun">A person asked for what there is to know.</param>
    /// <param name="limit">Ends the waits for call slots: what was not compared is left to the next run.</param>
    internal Task<Comparison> CompareAsync(Comparison? last, bool isDryRun, CancellationToken limit, CancellationToken cancellationToken);
}
