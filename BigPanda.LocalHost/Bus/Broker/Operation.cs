using Microsoft.Data.Sqlite;

namespace BigPanda.LocalHost.Bus.Broker;

internal interface IOperation
{
    /// <summary>Runs on the broker's thread. Throws only when the database fails.</summary>
    void Run();

    /// <summary>Its changes are on disk.</summary>
    void Complete();

    /// <summary>Its changes were rolled back.</summary>
    void Fail(Exception failure);
}

/// <summary>Work for the broker's thread, and the task its caller awaits.</summary>
internal sealed class Operation<T>(Func<T> work) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IOperation
{
    private T? _result;
    private Exception? _refusal;

    public void Run()
    {
        try
        {
            _result = work();
        }
        catch (Exception refusal) when (refusal is not SqliteException)
        {
            _refusal = refusal;
        }
    }

    public void Complete()
    {
        if (_refusal is null)
            SetResult(_result!);
        else
            SetException(_refusal);
    }

    public void Fail(Exception failure) => SetException(_refusal ?? failure);
}
