namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>A receiver's exclusive claim on a session. Guarded by the bus's lock.</summary>
internal sealed class SessionHold(SessionQueue session)
{
    private TaskCompletionSource<bool>? waiting;

    public SessionQueue Session => session;

    /// <summary>False once a lock expired and the session went to another receiver.</summary>
    public bool IsValid => session.Hold == this;

    /// <summary>True: there is a message. False: give the session up.</summary>
    public TaskCompletionSource<bool> Wait() =>
        waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Wake(bool hasMessage)
    {
        waiting?.TrySetResult(hasMessage);
        waiting = null;
    }
}
